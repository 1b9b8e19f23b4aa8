import React, { useEffect, useRef, useState } from 'react'
import { formatNumber } from '../format.ts'
import { Icon } from '../parts/Icon.tsx'
import { Problem } from '../parts/Problem.tsx'
import { recordPath } from '../paths.ts'
import { Fields, showProblem } from '../record/Fields.tsx'
import { useLeaveGuard } from '../record/useLeaveGuard.ts'
import type { ResourceJSON } from '../types.ts'
import { Preview } from './Preview.tsx'
import { Secret } from './Secret.tsx'
import type { ActionForm as Form, Ended } from './types.ts'
import { type Asking, useAction } from './useAction.ts'

interface ActionFormProps {
  resource: ResourceJSON
  /** Where it is tried and done. */
  api: string
  form: Form
  ended: (answer: Ended) => void
  cancel: () => void
  /** Goes on without the records that refuse, of which these are the first; where that is possible. */
  leaveOut?: ((ids: string[]) => void) | undefined
}

/** Any action: its fields, what would happen, and the button that does it. */
export function ActionForm({ resource, api, form, ended, cancel, leaveOut }: ActionFormProps) {
  const [told, tell] = useState<(Ended & { state: 'done' }) | null>(null)
  // what is told once is read before the page goes on
  const asking = useAction(api, form, (answer) =>
    answer.state === 'done' && answer.secret ? tell(answer) : ended(answer),
  )
  const element = useRef<HTMLFormElement>(null)
  const guarded = useLeaveGuard(asking.dirty)
  const leave = () => guarded(cancel)
  useEscape(element, leave)
  useEffect(() => {
    if (asking.failures > 0) showProblem(element.current)
  }, [asking.failures])
  const { sending, looking } = asking
  if (told?.secret) return <Secret secret={told.secret} message={told.message} done={() => ended(told)} />
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
      <Refusal asking={asking} leaveOut={leaveOut} />
      <WaysOut ways={asking.ways} />
      <Asked form={form} resource={resource} asking={asking} />
      {form.refused === null ? <Preview preview={asking.preview} looking={looking} /> : null}
      {asking.needsPassword && form.refused === null ? <Password asking={asking} /> : null}
      <div className="action-foot">
        <button type="button" className="button" onClick={leave}>
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

/** Escape in a dialog, and the way back of a telephone, do what its button does. */
function useEscape(form: React.RefObject<HTMLFormElement | null>, leave: () => void): void {
  const latest = useRef(leave)
  latest.current = leave
  useEffect(() => {
    const dialog = form.current?.closest('dialog')
    const stop = (event: Event) => {
      event.preventDefault()
      latest.current()
    }
    const onKey = (event: KeyboardEvent) => {
      const isHere = (event.target as Element).closest('dialog') === dialog
      // a list that was open in it has closed by the same key
      if (event.key === 'Escape' && isHere && !event.defaultPrevented) stop(event)
    }
    const onCancel = (event: Event) => event.target === dialog && stop(event)
    if (!dialog) return undefined
    document.addEventListener('keydown', onKey)
    dialog.addEventListener('cancel', onCancel)
    return () => {
      document.removeEventListener('keydown', onKey)
      dialog.removeEventListener('cancel', onCancel)
    }
  }, [form])
}

type AskedProps = Pick<ActionFormProps, 'form' | 'resource'> & { asking: Asking }

/** All fields; or first those that nothing is known about, and the others behind what they say in short. */
function Asked({ form: { fields, short }, resource, asking }: AskedProps) {
  const { record, change } = asking
  const place = (properties: Form['fields']) =>
    properties.length > 0 ? <Fields {...{ properties, resource, record }} onChange={change} /> : null
  const later = short ? fields.filter(({ name }) => !short.first.includes(name)) : []
  const isWrong = later.some(({ name }) => record.errors?.[name] !== undefined)
  if (fields.length === 0) return null
  return (
    <>
      {short ? <p className="action-given">{short.summary}</p> : null}
      {place(fields.filter((field) => !later.includes(field)))}
      {later.length > 0 ? (
        <details className="action-more" open={isWrong || undefined}>
          <summary>Change or add details</summary>
          {place(later)}
        </details>
      ) : null}
    </>
  )
}

/** Why it was not done; of several records which are the cause, and the way on without them. */
function Refusal({ asking, leaveOut }: { asking: Asking } & Pick<ActionFormProps, 'leaveOut'>) {
  const { problem, refusals } = asking
  const { reasons, refused, left } = refusals
  return (
    <Problem problem={problem}>
      {reasons.length > 0 ? (
        // what scrolls can be reached by the keyboard
        <div className="reasons" role="group" aria-label="Reasons" tabIndex={0}>
          {reasons.map(({ id, title, sentence }) => (
            <p key={id}>{sentence.includes(title) ? sentence : `${title}: ${sentence}`}</p>
          ))}
          {refused > reasons.length ? <p>And {formatNumber(refused - reasons.length)} more.</p> : null}
        </div>
      ) : null}
      {leaveOut && refused > 0 && left > 0 ? (
        <button type="button" className="button" onClick={() => leaveOut(reasons.map(({ id }) => id))}>
          Go on without {refused === 1 ? 'this one' : `these ${formatNumber(refused)}`}
        </button>
      ) : null}
    </Problem>
  )
}

/** Another tab: what is typed here stays, and is tried again afterwards. */
function WaysOut({ ways }: { ways: Asking['ways'] }) {
  if (ways.length === 0) return null
  return (
    <ul className="record-links">
      {ways.map(({ label, model, id, action }) => (
        <li key={label}>
          <a className="button" href={recordPath(model, id, action)} target="_blank" rel="noopener">
            <Icon name="ExternalLink" size={16} /> {label}
            <span className="sr-only"> (opens in a new tab)</span>
          </a>
        </li>
      ))}
    </ul>
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
