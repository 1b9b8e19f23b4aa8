import React, { useEffect, useRef } from 'react'
import { Link } from 'react-router-dom'
import { formatNumber } from '../format.ts'
import type { Asked } from '../types.ts'

/** The bookings that a change would concern: the first of them, each with its page, and how many more there are. */
export function Concerns({ asked: { shown, total } }: { asked: Asked }) {
  return (
    // what scrolls can be reached by the keyboard
    <div className="concerns" role="group" aria-label="Bookings concerned" tabIndex={0}>
      <ul>
        {shown.map(({ title, why, href }) => (
          <li key={href + why}>
            <Link to={href} target="_blank" rel="noreferrer">
              {title}
            </Link>{' '}
            <span className="muted">{why}</span>
          </li>
        ))}
      </ul>
      {total > shown.length ? <p className="muted">and {formatNumber(total - shown.length)} more</p> : null}
    </div>
  )
}

interface AgreeProps {
  asked: Asked
  saving: boolean
  agree: () => Promise<boolean>
}

/** Nothing is saved before somebody has seen what it does to bookings that are there already. */
export function Agree({ asked, saving, agree }: AgreeProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    heading.current?.focus()
    heading.current?.scrollIntoView({ block: 'center' })
  }, [asked])
  return (
    <section className="conflict" aria-labelledby="concerns-title">
      <h2 id="concerns-title" ref={heading} tabIndex={-1}>
        {asked.sentence}
      </h2>
      <p>Nothing is saved yet.</p>
      <Concerns asked={asked} />
      <button
        type="button"
        className="button button-primary"
        aria-disabled={saving}
        onClick={() => !saving && void agree()}
      >
        {saving ? 'Saving…' : 'Save all the same'}
      </button>
    </section>
  )
}
