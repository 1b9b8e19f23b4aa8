import React from 'react'
import { Link } from 'react-router-dom'
import { Icon } from '../parts/Icon.tsx'
import { pagePath } from '../paths.ts'
import type { Line, Section } from './types.ts'

/** One question of the review; on a narrow screen each line is a card of its own. */
export function ReviewSection({ section: { name, title, columns, none, lines, more } }: { section: Section }) {
  const id = `review-${name}`
  const marked = lines.filter(({ mark }) => mark !== null).length
  return (
    <section className="review-section" aria-labelledby={id}>
      <h2 id={id}>
        {title} {marked > 0 ? <span className="review-marked">{marked} to look at</span> : null}
      </h2>
      {lines.length === 0 ? (
        <p className="muted">{none}</p>
      ) : (
        <div className="card review-scroll" tabIndex={0} role="region" aria-labelledby={id}>
          <table className="review-table">
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {lines.map((line, index) => (
                // lines have no id of their own, and never change places
                // oxlint-disable-next-line react/no-array-index-key
                <ReviewLine key={index} line={line} columns={columns} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {more ? <p className="board-note">There are more: the audit log has all of them.</p> : null}
    </section>
  )
}

function ReviewLine({ line: { cells, mark, request }, columns }: { line: Line; columns: string[] }) {
  return (
    <tr className={mark ? 'review-line-marked' : undefined}>
      {cells.map((cell, index) => (
        <td key={columns[index]} data-label={columns[index]}>
          {index === 0 && request ? (
            <Link to={`${pagePath('audit')}?${new URLSearchParams({ request })}`}>{cell}</Link>
          ) : (
            cell
          )}
          {index === 0 && mark ? (
            <span className="review-mark">
              <Icon name="AlertTriangle" size={14} /> {mark}
            </span>
          ) : null}
        </td>
      ))}
    </tr>
  )
}
