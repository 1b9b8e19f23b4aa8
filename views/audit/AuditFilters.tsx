import React, { useState } from 'react'
import { useResource } from '../areas.ts'
import { useLabels } from '../labels.ts'
import { Combobox } from '../parts/Combobox.tsx'
import { Select } from '../parts/Select.tsx'
import { factsOf, pathOf, type BasePropertyJSON } from '../types.ts'
import type { Asked } from './types.ts'

interface AuditFiltersProps {
  query: URLSearchParams
  ask: (changes: Partial<Record<Asked, string>>) => void
}

/** Each answer is asked for at once; what is typed when the field is left. */
export function AuditFilters({ query, ask }: AuditFiltersProps) {
  const { kinds, actions } = useWords()
  const model = query.get('model') ?? ''
  const own = `${model.charAt(0).toLowerCase()}${model.slice(1)}.`
  return (
    <div className="card audit-filters">
      <Person query={query} ask={ask} />
      <Select
        label="Kind of record"
        any="All"
        value={model}
        options={kinds}
        onChange={(value) => ask({ model: value, field: '', action: '' })}
      />
      <Select
        label="What was done"
        any="Anything"
        value={query.get('action') ?? ''}
        options={model ? actions.filter(({ id }) => id.startsWith(own)) : actions}
        onChange={(action) => ask({ action })}
      />
      <Fields model={model} chosen={query.get('field') ?? ''} ask={ask} />
      <Typed label="Record id" name="id" query={query} ask={ask} />
      <Typed label="Request id" name="request" query={query} ask={ask} />
      <Typed label="From" name="from" type="date" query={query} ask={ask} />
      <Typed label="To" name="to" type="date" query={query} ask={ask} />
    </div>
  )
}

function Person({ query, ask }: AuditFiltersProps) {
  const [name, setName] = useState<string | null>(null)
  const chosen = query.get('actor')
  return (
    <div className="field">
      <label htmlFor="audit-actor">Who</label>
      <Combobox
        control={{ id: 'audit-actor', name: 'actor' }}
        resourceId="User"
        chosen={chosen ? (name ?? 'The chosen person') : null}
        onChoose={(person) => {
          setName(person?.title ?? null)
          ask({ actor: person?.id ?? '' })
        }}
      />
    </div>
  )
}

interface TypedProps extends AuditFiltersProps {
  label: string
  name: Asked
  type?: 'text' | 'date'
}

function Typed({ label, name, type = 'text', query, ask }: TypedProps) {
  const value = query.get(name) ?? ''
  const id = `audit-${name}`
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        key={value}
        className="input"
        type={type}
        defaultValue={value}
        autoComplete="off"
        spellCheck={false}
        onBlur={(event) => event.target.value !== value && ask({ [name]: event.target.value.trim() })}
        onKeyDown={(event) => event.key === 'Enter' && ask({ [name]: event.currentTarget.value.trim() })}
      />
    </div>
  )
}

/** Fields of the chosen kind of record. */
function Fields({ model, chosen, ask }: { model: string; chosen: string; ask: AuditFiltersProps['ask'] }) {
  const labels = useLabels()
  const resource = useResource(model || undefined)
  const properties = Object.values(resource?.properties ?? {}).filter((one) => !pathOf(one).includes('.'))
  const options = properties.map((one) => ({ id: pathOf(one), title: labels.property(one) }))
  return (
    <Select
      label="Field that changed"
      any={resource ? 'Any' : 'Choose a kind of record first'}
      value={chosen}
      options={options.toSorted((a, b) => a.title.localeCompare(b.title))}
      onChange={(field) => ask({ field })}
    />
  )
}

/** What the log calls models and actions, in words. */
function useWords(): { kinds: { id: string; title: string }[]; actions: { id: string; title: string }[] } {
  const properties = useResource('AuditLog')?.properties
  const wordsOf = (property: BasePropertyJSON | undefined) =>
    Object.entries((property && factsOf(property).labels) ?? {})
      .map(([id, title]) => ({ id, title }))
      .toSorted((a, b) => a.title.localeCompare(b.title))
  return { kinds: wordsOf(properties?.entityType), actions: wordsOf(properties?.action) }
}
