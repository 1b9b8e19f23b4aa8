import React, { useEffect, useRef } from 'react'
import { Icon } from '../parts/Icon.tsx'
import { Property } from '../Property.tsx'
import { isWide } from '../record/Facts.tsx'
import { useLeaveGuard } from '../record/useLeaveGuard.ts'
import type { ResourceJSON } from '../types.ts'
import { Preview } from './Preview.tsx'
import type { ActionForm as Form, Ended } from './types.ts'
import { type Asking, useAction } from './useAction.ts'

interface ActionFormProps {
  resource: ResourceJSON
  /** Where it is tried and done. */
  api: string
  form: Form
  ended: (answer: Ended) => void
  cancel: () => void
  /** Goes on without these records; where that is possible. */
  leaveOut?: ((ids: string[]) => void) | undefined
}

/** Any action: its fields, what would happen, and the button that does it. */
export function ActionForm({ resource, api, form, ended, cancel, leaveOut }: ActionFormProps) {
  const asking = useAction(api, form, ended)
  const element = useRef<HTMLFormElement>(null)
  useLeaveGuard(asking.dirty)
  useEffect(() => {
    if (asking.failures > 0) focusFirstError(element.current)
  }, [asking.failures])
  const { sending, looking } = asking
  return (
    <form
      ref={element}
      className="action-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (!looking) void asking.send()
      }}
    >
      <Problem asking={asking} leaveOut={leaveOut} />
      <Fields form={form} resource={resource} asking={asking} />
      {form.refused === null ? <Preview preview={asking.preview} looking={looking} /> : null}
      {asking.needsPassword && form.refused === null ? <Password asking={asking} /> : null}
      <div className="action-foot">
        <button type="button" className="button" onClick={cancel}>
          {form.refused === null ? 'Cancel' : 'Back'}
        </button>
        {form.refused === null ? (
          <button
            type="submit"
            className={form.danger ? 'button button-danger' : 'button button-primary'}
            aria-disabled={sending || looking}
          >
            {sending ? 'One moment…' : form.label}
          </button>
        ) : null}
      </div>
    </form>
  )
}

type FieldsProps = Pick<ActionFormProps, 'form' | 'resource'> & { asking: Asking }

/** All fields; or first those that nothing is known about, and the others behind what they say in short. */
function Fields({ form: { fields, short }, resource, asking }: FieldsProps) {
  const later = short ? fields.filter(({ name }) => !short.first.includes(name)) : []
  const isWrong = later.some(({ name }) => asking.record.errors?.[name] !== undefined)
  if (fields.length === 0) return null
  return (
    <>
      {short ? <p className="action-given">{short.summary}</p> : null}
      <Places fields={fields.filter((field) => !later.includes(field))} {...{ resource, asking }} />
      {later.length > 0 ? (
        <details className="action-more" open={isWrong || undefined}>
          <summary>Change or add details</summary>
          <Places fields={later} {...{ resource, asking }} />
        </details>
      ) : null}
    </>
  )
}

function Places({
  fields,
  resource,
  asking: { record, change },
}: Omit<FieldsProps, 'form'> & { fields: Form['fields'] }) {
  if (fields.length === 0) return null
  return (
    <div className="fields">
      {fields.map((property) => (
        <div key={property.path} className={isWide(property) ? 'field-place field-wide' : 'field-place'}>
          <Property where="edit" property={property} resource={resource} record={record} onChange={change} />
        </div>
      ))}
    </div>
  )
}

function Problem({ asking: { problem, reasons }, leaveOut }: { asking: Asking } & Pick<ActionFormProps, 'leaveOut'>) {
  return (
    <div role="alert">
      {problem ? (
        <div className="problem">
          <Icon name="AlertCircle" />
          <div>
            <strong>{problem}</strong>
            {reasons.map(({ id, title, sentence }) => (
              <p key={id}>{sentence.includes(title) ? sentence : `${title}: ${sentence}`}</p>
            ))}
            {leaveOut && reasons.length > 0 ? (
              <button type="button" className="button" onClick={() => leaveOut(reasons.map(({ id }) => id))}>
                Go on without {reasons.length === 1 ? 'this one' : `these ${reasons.length}`}
              </button>
            ) : null}
          </div>
        </div>
      ) : null}
    </div>
  )
}

function Password({ asking: { password, setPassword } }: { asking: Asking }) {
  return (
    <div className="field action-password">
      <label htmlFor="action-password">
        Your password<span className="required"> required</span>
      </label>
      <input
        id="action-password"
        className="input"
        type="password"
        autoComplete="current-password"
        aria-describedby="action-password-help"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <p className="field-help" id="action-password-help">
        Once more, because this matters. It counts for five minutes.
      </p>
    </div>
  )
}

function focusFirstError(form: HTMLFormElement | null): void {
  const control = form?.querySelector<HTMLElement>('.field-wrong :is(input, select, textarea), .action-password input')
  control?.focus()
  const seen = control ?? form?.querySelector('.problem')
  seen?.scrollIntoView({ block: 'nearest' })
}
