import React, { useEffect, useRef } from 'react'
import { Link } from 'react-router-dom'
import { useLabels } from '../labels.ts'
import { Icon } from '../parts/Icon.tsx'
import { listPath, newApi, recordApi, recordPath } from '../paths.ts'
import { Property } from '../Property.tsx'
import type { RecordJSON, ResourceJSON } from '../types.ts'
import { Conflict } from './Conflict.tsx'
import { isWide } from './Facts.tsx'
import { blank, useForm } from './useForm.ts'

interface EditFormProps {
  resource: ResourceJSON
  /** Without one, the form makes a new record. */
  record?: RecordJSON
  /** Values that a new record starts with. */
  initial?: Record<string, unknown>
}

export function EditForm({ resource, record: stored, initial = {} }: EditFormProps) {
  const api = stored ? recordApi(resource.id, stored.id, 'edit') : newApi(resource.id)
  const form = useForm(stored ?? { ...blank, params: initial }, api)
  const element = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (form.failures > 0 && form.conflict.length === 0) focusFirstError(element.current)
  }, [form.failures, form.conflict])
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
      {form.conflict.length > 0 ? (
        <Conflict key={form.failures} fields={form.conflict} saving={form.saving} settle={form.settle} />
      ) : (
        <Problem form={form} resource={resource} />
      )}
      <div className="fields">
        {resource.editProperties.map((property) => (
          <div key={property.propertyPath} className={isWide(property) ? 'field-place field-wide' : 'field-place'}>
            <Property
              where="edit"
              property={property}
              resource={resource}
              record={form.record}
              onChange={form.change}
            />
          </div>
        ))}
      </div>
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
          to={stored ? recordPath(resource.id, stored.id) : (resource.href ?? listPath(resource.id))}
        >
          Cancel
        </Link>
        {stored && !form.dirty ? <span className="muted">Nothing changed yet</span> : null}
      </div>
    </form>
  )
}

/** Why it was not saved, with the way to each field concerned. */
function Problem({ form, resource }: { form: ReturnType<typeof useForm>; resource: ResourceJSON }) {
  const labels = useLabels()
  const { errors = {} } = form.record
  const wrong = Object.keys(errors)
  const fields = resource.editProperties.filter(({ propertyPath }) => wrong.includes(propertyPath))
  const shown = new Set(fields.map(({ propertyPath }) => propertyPath))
  const elsewhere = wrong.filter((path) => !shown.has(path)).map((path) => errors[path]?.message ?? '')
  const title = fields.length > 0 ? 'Not saved yet. Please look at:' : labels.message(form.problem ?? '', resource.id)
  return (
    <div role="alert">
      {form.problem ? (
        <div className="problem">
          <Icon name="AlertCircle" />
          <div>
            <strong>{title}</strong>
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
          </div>
        </div>
      ) : null}
    </div>
  )
}

function focusFirstError(form: HTMLFormElement | null): void {
  const field = form?.querySelector('.field-wrong')
  const control = field?.querySelector<HTMLElement>('input, select, textarea')
  control?.focus()
  field?.scrollIntoView({ block: 'center' })
}
