import React, { createContext, useCallback, useContext, useEffect, useRef, useState } from 'react'

interface Question {
  title: string
  body?: string
  /** What is to be seen before answering. */
  details?: React.ReactNode
  confirm: string
  /** The way out; "Go back" when left out. */
  cancel?: string
  danger?: boolean
}

type Ask = (question: Question) => Promise<boolean>

const Context = createContext<Ask>(() => Promise.resolve(false))

/** Asks before something with effect happens: `if (await confirm({ title: 'Delete Mia Khan?', … }))`. */
export const useConfirm = (): Ask => useContext(Context)

export function ConfirmProvider({ children }: { children: React.ReactNode }) {
  const [asked, setAsked] = useState<{ question: Question; answer: (yes: boolean) => void } | null>(null)
  const ask = useCallback<Ask>(
    (question) =>
      new Promise((resolve) => {
        const answer = (yes: boolean) => {
          setAsked(null)
          resolve(yes)
        }
        setAsked({ question, answer })
      }),
    [],
  )
  return (
    <Context.Provider value={ask}>
      {children}
      {asked ? <ConfirmDialog {...asked} /> : null}
    </Context.Provider>
  )
}

const YES = 'yes'

function ConfirmDialog({ question, answer }: { question: Question; answer: (yes: boolean) => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    // answered when it is closed, not before: only a dialog that closes gives the focus back
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby="confirm-title"
      onClose={() => answer(dialog.current?.returnValue === YES)}
    >
      <h2 id="confirm-title">{question.title}</h2>
      {question.body ? <p>{question.body}</p> : null}
      {question.details}
      <div className="dialog-actions">
        <button type="button" className="button" onClick={() => dialog.current?.close()}>
          {question.cancel ?? 'Go back'}
        </button>
        <button
          type="button"
          className={question.danger ? 'button button-danger' : 'button button-primary'}
          onClick={() => dialog.current?.close(YES)}
        >
          {question.confirm}
        </button>
      </div>
    </dialog>
  )
}
