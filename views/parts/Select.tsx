import React, { useId } from 'react'

interface SelectProps {
  label: string
  /** The words for no choice; without them one is always made. */
  any?: string
  value: string
  options: readonly { id: string; title: string }[]
  onChange: (value: string) => void
}

/** One of several, under its label; for what is no property of a record. */
export function Select({ label, any, value, options, onChange }: SelectProps) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="input select" value={value} onChange={(event) => onChange(event.target.value)}>
        {any ? <option value="">{any}</option> : null}
        {options.map((option) => (
          <option key={option.id} value={option.id}>
            {option.title}
          </option>
        ))}
      </select>
    </div>
  )
}
