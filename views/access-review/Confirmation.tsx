import React, { useState } from 'react'
import { postJson } from '../api.ts'
import { useNotify } from '../notices.ts'
import { Icon } from '../parts/Icon.tsx'
import type { Review } from './types.ts'

/** Who has looked at the month already, and the button of whoever has now. */
export function Confirmation({ review: { month, reviewed, isRunning }, done }: { review: Review; done: () => void }) {
  const notify = useNotify()
  const [note, setNote] = useState('')
  const [busy, setBusy] = useState(false)
  const confirm = async (): Promise<void> => {
    if (busy) return
    setBusy(true)
    try {
      await postJson(`/panel/access-review/confirm?month=${month}`, { note })
      setNote('')
      notify({ message: 'It is in the audit log that you reviewed this month.', type: 'success' })
      done()
    } catch (error) {
      notify({ message: (error as Error).message, type: 'error' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className="card review-confirm">
      {reviewed.length === 0 ? <p className="muted">Nobody has reviewed this month.</p> : null}
      <ul aria-label="Reviewed by">
        {reviewed.map(({ who, at, note: said }) => (
          <li key={`${who} ${at}`}>
            <Icon name="CheckCircle" size={16} /> Reviewed by {who} on {at}
            {said ? `: “${said}”` : ''}
          </li>
        ))}
      </ul>
      {isRunning ? (
        <p className="muted">The month is not over yet.</p>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void confirm()
          }}
        >
          <div className="field">
            <label htmlFor="review-note">What you found</label>
            <input
              id="review-note"
              className="input"
              maxLength={500}
              autoComplete="off"
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          </div>
          <button type="submit" className="button button-primary" aria-disabled={busy}>
            I have reviewed it
          </button>
        </form>
      )}
    </div>
  )
}
