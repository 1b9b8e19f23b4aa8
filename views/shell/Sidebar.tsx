import React, { useEffect, useRef, useState } from 'react'
import { NavLink, useLocation } from 'react-router-dom'
import { ApprovalsLink } from '../approvals/ApprovalsLink.tsx'
import { useAreas, type Area, useResource } from '../areas.ts'
import { useLabels } from '../labels.ts'
import { countInWords, queueNames, useQueues } from '../board/queues.ts'
import { useBookingActions } from '../board/useLessonAction.ts'
import { Icon } from '../parts/Icon.tsx'
import { pagePath } from '../paths.ts'
import { usePaths } from '../session.ts'
import { SchoolSwitcher } from './SchoolSwitcher.tsx'

interface SidebarProps {
  /** On a narrow screen the sidebar is a drawer; on a wide one it always stands. */
  open: boolean
  close: () => void
  /** What the drawer is opened by: the focus returns there. */
  opener: React.RefObject<HTMLElement>
}

/** From this width on the sidebar stands: as in the style sheet. */
const WIDE = '(min-width: 1024px)'

export function Sidebar({ open, close, opener }: SidebarProps) {
  const drawer = useRef<HTMLElement>(null)
  useEffect(() => {
    if (!open) return undefined
    const button = opener.current
    const wide = window.matchMedia(WIDE)
    // a menu inside the drawer takes its Escape for itself
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && !event.defaultPrevented && close()
    drawer.current?.querySelector<HTMLElement>('.school')?.focus()
    document.addEventListener('keydown', onKey)
    wide.addEventListener('change', close)
    return () => {
      document.removeEventListener('keydown', onKey)
      wide.removeEventListener('change', close)
      button?.focus()
    }
  }, [open, close, opener])
  return (
    <>
      {open ? (
        <button type="button" className="sidebar-shade" tabIndex={-1} aria-hidden="true" onClick={close} />
      ) : null}
      <aside ref={drawer} className={open ? 'sidebar sidebar-open' : 'sidebar'} aria-label="School and areas">
        <div className="sidebar-head">
          <button
            type="button"
            className="button button-icon button-quiet sidebar-close"
            aria-label="Close the navigation"
            onClick={close}
          >
            <Icon name="X" size={20} />
          </button>
          <SchoolSwitcher />
        </div>
        <Areas />
      </aside>
    </>
  )
}

function Areas() {
  const areas = useAreas()
  const { rootPath } = usePaths()
  const { pathname } = useLocation()
  const [opened, toggle] = useOpenAreas()
  return (
    <nav className="areas" aria-label="Areas">
      <NavLink className="area-home" to={rootPath} end>
        <Icon name="Home" /> Home
      </NavLink>
      <Pages />
      <MoneyLink />
      <AuditLink />
      <JobsLink />
      <ApprovalsLink />
      {areas.map((area) => {
        const isCurrent = area.resources.some(({ href }) => pathname === href || pathname.startsWith(`${href}/`))
        return (
          <AreaSection
            key={area.name}
            area={area}
            open={opened[area.name] ?? isCurrent}
            isCurrent={isCurrent}
            toggle={(open) => toggle(area.name, open)}
          />
        )
      })}
    </nav>
  )
}

/** For those who read the books. */
function MoneyLink() {
  if (!useResource('LedgerEntry')) return null
  return (
    <NavLink className="area-home" to={pagePath('money')}>
      <Icon name="DollarSign" /> Money
    </NavLink>
  )
}

/** For those who answer for what was done: whoever reads the log. */
function AuditLink() {
  if (!useResource('AuditLog')) return null
  return (
    <>
      <NavLink className="area-home" to={pagePath('audit')}>
        <Icon name="Shield" /> Audit
      </NavLink>
      <NavLink className="area-home" to={pagePath('privacy')}>
        <Icon name="Lock" /> Privacy
      </NavLink>
    </>
  )
}

/** For those who look after what is sent and done behind the screens. */
function JobsLink() {
  if (!useResource('OutboxDelivery')) return null
  return (
    <NavLink className="area-home" to={pagePath('jobs')}>
      <Icon name="Activity" /> Jobs
    </NavLink>
  )
}

/** Long enough for the page to have what it asks for first. */
const PATIENCE_MS = 1_500

/** Pages of the day's work that belong to no single list. */
function Pages() {
  const { resource, named } = useBookingActions()
  const books = named('book') !== undefined
  const counts = useQueues(books, PATIENCE_MS)
  if (!resource) return null
  const waiting = counts ? queueNames.reduce((sum, name) => sum + counts[name], 0) : 0
  return (
    <>
      {books ? (
        <NavLink className="area-home" to={pagePath('find-slot')}>
          <Icon name="Search" /> Find a slot
        </NavLink>
      ) : null}
      <NavLink className="area-home" to={pagePath('calendar')}>
        <Icon name="Calendar" /> Calendar
      </NavLink>
      {books ? (
        <NavLink className="area-home" to={pagePath('review')}>
          <Icon name="Inbox" /> <span className="area-text">Review</span>
          {waiting > 0 ? <span className="tab-count number">{countInWords(waiting)}</span> : null}
        </NavLink>
      ) : null}
    </>
  )
}

interface AreaSectionProps {
  area: Area
  open: boolean
  isCurrent: boolean
  toggle: (open: boolean) => void
}

function AreaSection({ area, open, isCurrent, toggle }: AreaSectionProps) {
  const labels = useLabels()
  const id = `area-${area.name.replace(/\W+/g, '-')}`
  return (
    <section className={isCurrent ? 'area area-current' : 'area'}>
      <button
        type="button"
        className="area-toggle"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => toggle(!open)}
      >
        <Icon name={area.icon} />
        <span>{area.name}</span>
        <Icon name={open ? 'ChevronDown' : 'ChevronRight'} size={16} />
      </button>
      <ul id={id} hidden={!open}>
        {area.resources.map((resource) => (
          <li key={resource.id}>
            <NavLink to={resource.href}>{labels.resource(resource)}</NavLink>
          </li>
        ))}
      </ul>
    </section>
  )
}

const KEY = 'driveflow.areas'

/** Which areas are unfolded: remembered, and until someone folds one, the area of the current page. */
function useOpenAreas(): [Record<string, boolean>, (name: string, open: boolean) => void] {
  const [opened, setOpened] = useState<Record<string, boolean>>(readOpenAreas)
  const toggle = (name: string, open: boolean) => {
    const next = { ...opened, [name]: open }
    setOpened(next)
    try {
      window.localStorage.setItem(KEY, JSON.stringify(next))
    } catch {
      // not remembered, but shown
    }
  }
  return [opened, toggle]
}

function readOpenAreas(): Record<string, boolean> {
  try {
    const stored: unknown = JSON.parse(window.localStorage.getItem(KEY) ?? '{}')
    return typeof stored === 'object' && stored !== null ? (stored as Record<string, boolean>) : {}
  } catch {
    return {}
  }
}
