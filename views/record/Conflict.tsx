import React, { useEffect, useRef, useState } from 'react'
import { NoValue } from '../parts/Badge.tsx'
import type { ContestedField } from '../types.ts'
import type { Choices } from './useForm.ts'

interface ConflictProps {
  fields: ContestedField[]
  saving: boolean
  settle: (choices: Choices) => Promise<boolean>
}

/** Somebody else changed the same fields: what they wrote and what was typed here, to choose from. Nothing typed is lost. */
export function Conflict({ fields, saving, settle }: ConflictProps) {
  const [choices, setChoices] = useState<Choices>({})
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    // also when they were changed once more: the question is a new one
    setChoices({})
    heading.current?.focus()
    heading.current?.scrollIntoView({ block: 'center' })
  }, [fields])
  const isSettled = fields.every(({ property }) => choices[property] !== undefined)
  const some = fields.length === 1 ? 'this field' : 'these fields'
  return (
    <section className="conflict" aria-labelledby="conflict-title">
      <h2 id="conflict-title" ref={heading} tabIndex={-1}>
        Somebody else changed {some} while you were typing
      </h2>
      <p>Nothing is saved yet. Choose for each what is to stay; all else that you typed is kept.</p>
      {fields.map((field) => (
        <Choice
          key={field.property}
          field={field}
          chosen={choices[field.property]}
          choose={(choice) => setChoices({ ...choices, [field.property]: choice })}
        />
      ))}
      <button
        type="button"
        className="button button-primary"
        aria-disabled={!isSettled || saving}
        onClick={() => isSettled && void settle(choices)}
      >
        {saving ? 'Saving…' : 'Save with these choices'}
      </button>
    </section>
  )
}

interface ChoiceProps {
  field: ContestedField
  chosen: 'theirs' | 'yours' | undefined
  choose: (choice: 'theirs' | 'yours') => void
}

function Choice({ field: { property, label, theirs, yours, by, at }, chosen, choose }: ChoiceProps) {
  const whose = [by ?? 'Somebody else', at].filter(Boolean).join(', ')
  const options = [
    { name: 'theirs' as const, of: whose, value: theirs },
    { name: 'yours' as const, of: 'You', value: yours },
  ]
  return (
    <fieldset className="conflict-field">
      <legend>{label}</legend>
      {options.map(({ name, of, value }) => (
        <label key={name} className={chosen === name ? 'conflict-choice conflict-chosen' : 'conflict-choice'}>
          <input type="radio" name={`conflict-${property}`} checked={chosen === name} onChange={() => choose(name)} />
          <span className="conflict-value">{value ?? <NoValue />}</span>
          <span className="muted">{of}</span>
        </label>
      ))}
    </fieldset>
  )
}
