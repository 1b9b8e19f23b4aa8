import React, { useEffect, useRef } from 'react'
import { Icon } from './Icon.tsx'
import { SignedOut } from './SignedOut.tsx'

interface SidePanelProps {
  title: string
  close: () => void
  onSubmit: () => void
  children: React.ReactNode
  foot: React.ReactNode
}

/** A form at the side of the page; the page waits. Escape, the cross and a press beside it close it. */
export function SidePanel({ title, close, onSubmit, children, foot }: SidePanelProps) {
  const panel = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = panel.current
    const beside = (event: MouseEvent) => event.target === dialog && dialog?.close()
    dialog?.showModal()
    dialog?.addEventListener('click', beside)
    return () => dialog?.removeEventListener('click', beside)
  }, [])
  return (
    <dialog ref={panel} className="panel" aria-labelledby="panel-title" onClose={close}>
      <form
        className="panel-form"
        onSubmit={(event) => {
          event.preventDefault()
          onSubmit()
        }}
      >
        <div className="panel-head">
          <h2 id="panel-title">{title}</h2>
          <button type="button" className="button button-icon button-quiet" aria-label="Close" onClick={close}>
            <Icon name="X" />
          </button>
        </div>
        <SignedOut />
        <div className="panel-body">{children}</div>
        <div className="panel-foot">{foot}</div>
      </form>
    </dialog>
  )
}
