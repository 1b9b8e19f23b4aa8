import React, { createContext, useCallback, useContext, useEffect, useRef, useState } from 'react'

interface Question {
  title: string
  body?: string
  confirm: string
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

function ConfirmDialog({ question, answer }: { question: Question; answer: (yes: boolean) => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="confirm-title" onClose={() => answer(false)}>
      <h2 id="confirm-title">{question.title}</h2>
      {question.body ? <p>{question.body}</p> : null}
      <div className="dialog-actions">
        <button type="button" className="button" onClick={() => answer(false)}>
          Go back
        </button>
        <button
          type="button"
          className={question.danger ? 'button button-danger' : 'button button-primary'}
          onClick={() => answer(true)}
        >
          {question.confirm}
        </button>
      </div>
    </dialog>
  )
}
