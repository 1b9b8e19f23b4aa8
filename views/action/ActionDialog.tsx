import React, { createContext, useCallback, useContext, useEffect, useRef, useState } from 'react'
import { useNavigate } from 'react-router-dom'
import { ErrorState } from '../parts/ErrorState.tsx'
import { SignedOut } from '../parts/SignedOut.tsx'
import { Skeleton } from '../parts/State.tsx'
import { useLoad } from '../load.ts'
import { useNotify } from '../notices.ts'
import { ownActionApi, ownActionPath, recordPath, type Target } from '../paths.ts'
import type { ActionJSON, ResourceJSON } from '../types.ts'
import { ActionForm } from './ActionForm.tsx'
import { type Given, withGiven } from './given.ts'
import { useLeaveOut } from './leaveOut.ts'
import type { ActionForm as Form, Ended } from './types.ts'

interface Wanted {
  resource: ResourceJSON
  action: ActionJSON
  target: Target
  /** After it is done, with the page still there. */
  done: () => void
  /** After the dialog has closed, whatever came of it. */
  closed?: () => void
  /** What the form begins with. */
  given?: Given
  /** The page stays, also when what was done has one of its own. */
  stay?: boolean
}

type Ask = (wanted: Wanted) => void

const Context = createContext<Ask>(() => {})

/** Opens an action in a dialog: `ask({ resource, action, target, done })`. */
export const useActionDialog = (): Ask => useContext(Context)

export function ActionDialogProvider({ children }: { children: React.ReactNode }) {
  const [wanted, setWanted] = useState<Wanted | null>(null)
  const close = useCallback(() => setWanted(null), [])
  return (
    <Context.Provider value={setWanted}>
      {children}
      {wanted ? <ActionDialog wanted={wanted} closed={close} /> : null}
    </Context.Provider>
  )
}

const withRun = (path: string, run: string): string => `${path}${path.includes('?') ? '&' : '?'}run=${run}`

function ActionDialog({ wanted, closed }: { wanted: Wanted; closed: () => void }) {
  const { resource, action, done, given, stay = false } = wanted
  const { target, leaveOut } = useLeaveOut(wanted.target)
  const dialog = useRef<HTMLDialogElement>(null)
  const after = useRef<(() => void) | null>(null)
  const notify = useNotify()
  const navigate = useNavigate()
  const api = ownActionApi(action, target)
  const { data, error, reload } = useLoad<{ form: Form }>(api)
  useEffect(() => dialog.current?.showModal(), [])
  const isShort = given !== undefined && data !== null
  useEffect(() => {
    // one field is left to fill in: it can be typed at once
    if (isShort)
      dialog.current?.querySelector<HTMLElement>('.action-form > .fields :is(input, select, textarea)')?.focus()
  }, [isShort])
  const close = () => dialog.current?.close()
  const ended = (answer: Ended) => {
    after.current = () => {
      if (answer.state === 'running') return navigate(withRun(ownActionPath(action, target), answer.run))
      notify({ message: answer.message, type: answer.state === 'done' ? 'success' : 'info' })
      if (answer.state === 'done' && answer.open && !stay) navigate(recordPath(answer.open.model, answer.open.id))
      else done()
    }
    close()
  }
  return (
    <dialog
      ref={dialog}
      className="dialog action-dialog"
      aria-labelledby="action-title"
      // only a dialog that has closed gives the focus back
      onClose={() => {
        closed()
        after.current?.()
        wanted.closed?.()
      }}
    >
      <h2 id="action-title">{data?.form.title ?? 'One moment…'}</h2>
      <SignedOut />
      {error ? (
        <>
          <ErrorState error={error} retry={reload} />
          <div className="action-foot">
            <button type="button" className="button" onClick={close}>
              Back
            </button>
          </div>
        </>
      ) : null}
      {!error && !data ? <Skeleton lines={3} /> : null}
      {!error && data ? (
        <ActionForm {...{ resource, api, ended, leaveOut }} form={withGiven(data.form, given)} cancel={close} />
      ) : null}
    </dialog>
  )
}
