import React from 'react'
import { Link, NavLink } from 'react-router-dom'
import { countInWords } from '../board/queues.ts'
import { Icon } from '../parts/Icon.tsx'
import { pagePath } from '../paths.ts'
import { useWaiting, useWatchedWaiting } from './waiting.ts'

/** Long enough for the page to have what it asks for first. */
const PATIENCE_MS = 1_500

/** In the navigation: always there, with the number of what waits. */
export function ApprovalsLink() {
  useWatchedWaiting(PATIENCE_MS)
  const waiting = useWaiting()
  return (
    <NavLink className="area-home" to={pagePath('approvals')}>
      <Icon name="UserCheck" /> <span className="area-text">Approvals</span>
      {waiting ? <span className="tab-count number">{countInWords(waiting)}</span> : null}
    </NavLink>
  )
}

/** In the bar at the top, where the navigation may be folded away: only while something waits. */
export function WaitingForYou() {
  const waiting = useWaiting()
  if (!waiting) return null
  return (
    <Link className="button button-quiet topbar-waiting" to={pagePath('approvals')}>
      <Icon name="UserCheck" />
      <span className="tab-count number">{countInWords(waiting)}</span>
      <span className="sr-only">{waiting === 1 ? 'waits' : 'wait'} for your approval</span>
    </Link>
  )
}
