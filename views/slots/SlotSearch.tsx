import React, { useId } from 'react'
import type { Slots } from '../board/types.ts'
import { Select } from '../parts/Select.tsx'

interface SlotSearchProps {
  slots: Slots
  query: URLSearchParams
  change: (name: string, value: string) => void
}

/** What the caller wants. Every choice searches at once. */
export function SlotSearch({ slots: { asked, choices }, query, change }: SlotSearchProps) {
  const narrowed = ['transmission', 'location', 'to'].some((name) => query.has(name))
  return (
    <form className="slot-search card" onSubmit={(event) => event.preventDefault()} aria-label="What is wanted">
      <Select
        label="Service"
        value={query.get('service') ?? asked.service ?? ''}
        options={choices.services}
        onChange={(value) => change('service', value)}
      />
      <Select
        label="Instructor"
        any="Any instructor"
        value={query.get('instructor') ?? ''}
        options={choices.instructors}
        onChange={(value) => change('instructor', value)}
      />
      <Day label="From" value={query.get('from') ?? asked.from} onChange={(value) => change('from', value)} />
      <details className="slot-more" open={narrowed || undefined}>
        <summary>More choices</summary>
        <div className="slot-more-fields">
          <Day label="To" value={query.get('to') ?? asked.to} onChange={(value) => change('to', value)} />
          <Select
            label="Transmission"
            any="Either"
            value={query.get('transmission') ?? ''}
            options={[
              { id: 'automatic', title: 'Automatic' },
              { id: 'manual', title: 'Manual' },
            ]}
            onChange={(value) => change('transmission', value)}
          />
          <Select
            label="Meeting point"
            any="Anywhere"
            value={query.get('location') ?? ''}
            options={choices.locations}
            onChange={(value) => change('location', value)}
          />
        </div>
      </details>
    </form>
  )
}

function Day({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} type="date" className="input" value={value} onChange={(event) => onChange(event.target.value)} />
    </div>
  )
}
