import React from 'react'
import type { Tone } from '../types.ts'

export function Badge({ tone = 'default', children }: { tone?: Tone; children: React.ReactNode }) {
  return <span className={`badge badge-${tone}`}>{children}</span>
}

/** Stands where a value would: a dash to the eye, a word to a screen reader. */
export function NoValue() {
  return (
    <span className="no-value">
      <span aria-hidden="true">—</span>
      <span className="sr-only">empty</span>
    </span>
  )
}
