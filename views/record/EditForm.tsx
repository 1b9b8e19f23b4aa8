import React, { useEffect, useRef } from 'react'
import { Link, useSearchParams } from 'react-router-dom'
import { useLabels } from '../labels.ts'
import { Problem } from '../parts/Problem.tsx'
import { listPath, newApi, recordApi, recordPath } from '../paths.ts'
import type { RecordJSON, ResourceJSON } from '../types.ts'
import { Agree } from './Concerns.tsx'
import { Conflict } from './Conflict.tsx'
import { Fields, showProblem } from './Fields.tsx'
import { groupsOf, type Group } from './layout.ts'
import { blank, useForm } from './useForm.ts'

interface EditFormProps {
  resource: ResourceJSON
  /** Without one, the form makes a new record. */
  record?: RecordJSON
  /** Values that a new record starts with. */
  initial?: Record<string, unknown>
}

export function EditForm({ resource, record: stored, initial = {} }: EditFormProps) {
  const [query] = useSearchParams()
  const tab = query.get('tab')
  const back = tab ? `?${new URLSearchParams({ tab })}` : ''
  const api = stored ? recordApi(resource.id, stored.id, 'edit') : newApi(resource.id)
  const form = useForm(stored ?? { ...blank, params: initial }, { api, back })
  const element = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (form.problem !== null) showProblem(element.current)
  }, [form.failures, form.problem])
  return (
    <form
      ref={element}
      className="card form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (form.dirty || !stored) void form.save()
      }}
    >
      <Refusal form={form} resource={resource} />
      {form.conflict.length > 0 ? <Conflict fields={form.conflict} saving={form.saving} settle={form.settle} /> : null}
      {form.asked ? <Agree asked={form.asked} saving={form.saving} agree={form.agree} /> : null}
      <Parts resource={resource} form={form} first={tab} />
      <div className="form-foot">
        <button
          type="submit"
          className="button button-primary"
          aria-disabled={form.saving || (stored !== undefined && !form.dirty)}
        >
          {form.saving ? 'Saving…' : stored ? 'Save' : 'Create'}
        </button>
        <Link
          className="button"
          to={stored ? recordPath(resource.id, stored.id) + back : (resource.href ?? listPath(resource.id))}
        >
          Cancel
        </Link>
        {stored && !form.dirty ? <span className="muted">Nothing changed yet</span> : null}
      </div>
    </form>
  )
}

interface PartsProps {
  resource: ResourceJSON
  form: ReturnType<typeof useForm>
  /** Name of the part to begin with: the tab that was open. */
  first: string | null
}

/** The fields, in parts named as the record's tabs are: all of them in sight, so that none is forgotten. */
function Parts({ resource, form, first }: PartsProps) {
  const groups = groupsOf(resource, resource.editProperties)
  const begin = useRef<HTMLDivElement>(null)
  useEffect(() => {
    begin.current?.focus({ preventScroll: true })
    begin.current?.scrollIntoView()
  }, [])
  const fields = ({ properties }: Group) => (
    <Fields properties={properties} resource={resource} record={form.record} onChange={form.change} />
  )
  if (groups.length < 2) return groups[0] ? fields(groups[0]) : null
  return (
    <>
      {groups.map((group, index) => (
        <div
          key={group.name}
          ref={index > 0 && group.name === first ? begin : null}
          className="form-part"
          role="group"
          aria-labelledby={`part-${group.name}`}
          tabIndex={-1}
        >
          <h2 id={`part-${group.name}`}>{group.label}</h2>
          {fields(group)}
        </div>
      ))}
    </>
  )
}

/** Why it was not saved, with the way to each field concerned. */
function Refusal({ form, resource }: Pick<PartsProps, 'form' | 'resource'>) {
  const labels = useLabels()
  const { errors = {} } = form.record
  const wrong = Object.keys(errors)
  const inOrder = groupsOf(resource, resource.editProperties).flatMap(({ properties }) => properties)
  const fields = inOrder.filter(({ propertyPath }) => wrong.includes(propertyPath))
  const shown = new Set(fields.map(({ propertyPath }) => propertyPath))
  const elsewhere = wrong.filter((path) => !shown.has(path)).map((path) => errors[path]?.message ?? '')
  const title = fields.length > 0 ? 'Not saved yet. Please look at:' : labels.message(form.problem ?? '', resource.id)
  return (
    <Problem problem={form.problem && title}>
      {elsewhere.map((message) => (
        <p key={message}>{labels.message(message, resource.id)}</p>
      ))}
      {fields.length > 0 ? (
        <p>
          {fields.map((property, index) => (
            <React.Fragment key={property.propertyPath}>
              {index > 0 ? ', ' : ''}
              <a href={`#edit-${property.propertyPath}`}>{labels.property(property)}</a>
            </React.Fragment>
          ))}
        </p>
      ) : null}
    </Problem>
  )
}
