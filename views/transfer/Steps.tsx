import React from 'react'

const steps = { file: 'File', columns: 'Columns', check: 'Check', import: 'Import' } as const

/** Where one is on the way. */
export function Steps({ current }: { current: keyof typeof steps }) {
  const names = Object.keys(steps) as (keyof typeof steps)[]
  return (
    <ol className="import-steps" aria-label="Steps">
      {names.map((name, index) => (
        <li
          key={name}
          className={index < names.indexOf(current) ? 'import-step import-step-done' : 'import-step'}
          {...(name === current ? { 'aria-current': 'step' } : {})}
        >
          <span aria-hidden="true">{index + 1}</span> {steps[name]}
        </li>
      ))}
    </ol>
  )
}
