import React, { useEffect, useRef, useState } from 'react'
import { Icon } from '../parts/Icon.tsx'
import type { Secret as Told } from './types.ts'

interface SecretProps {
  secret: Told
  message: string
  /** It is noted down. */
  done: () => void
}

/** What is told once: to be copied before the page goes on. */
export function Secret({ secret: { label, value: told, help }, message, done }: SecretProps) {
  // an address of ours is of use elsewhere only as a whole
  const value = told.startsWith('/') ? new URL(told, window.location.origin).href : told
  const field = useRef<HTMLInputElement>(null)
  const [said, setSaid] = useState('')
  useEffect(() => field.current?.select(), [])
  const copy = async () => {
    field.current?.select()
    try {
      await navigator.clipboard.writeText(value)
      setSaid('Copied')
    } catch {
      // the browser does not let us: it is selected, and the keys for copying work
      setSaid('Press Ctrl and C to copy it')
    }
  }
  return (
    <div className="action-secret">
      <p>{message}</p>
      <label className="field-label" htmlFor="action-secret">
        {label}
      </label>
      <div className="action-secret-value">
        <input id="action-secret" ref={field} className="input" readOnly value={value} aria-describedby="secret-help" />
        <button type="button" className="button" onClick={() => void copy()}>
          <Icon name="Copy" size={16} /> Copy
        </button>
      </div>
      <output className="muted">{said}</output>
      <p id="secret-help" className="muted">
        {help}
      </p>
      <div className="action-foot">
        <button type="button" className="button button-primary" onClick={done}>
          I have it
        </button>
      </div>
    </div>
  )
}
