import React from 'react'

/** The shape of the table while its first rows are on their way. */
export function TableSkeleton({ count }: { count: number }) {
  const columns = Math.min(Math.max(count, 3), 8)
  return (
    <output className="records-frame records-skeleton">
      <span className="sr-only">Loading</span>
      {Array.from({ length: 10 }, (_, row) => (
        <div key={row} className="skeleton-row">
          {Array.from({ length: columns }, (_unused, column) => (
            <span
              key={column}
              className="skeleton-line"
              style={{ width: `${[70, 55, 80, 40][(row + column) % 4]}%` }}
            />
          ))}
        </div>
      ))}
    </output>
  )
}
