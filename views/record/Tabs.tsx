import React, { useEffect, useRef } from 'react'
import { Link, useNavigate, useSearchParams } from 'react-router-dom'

interface TabsProps {
  tabs: { name: string; label: string }[]
  open: string
  /** What they are parts of, for who does not see them. */
  label?: string
}

const idOf = (name: string): string => `tab-${name}`

/** Tabs with an address each: arrow keys, Home and End move between them, and the browser's back returns to the last one. */
export function Tabs({ tabs, open, label = 'Parts of this record' }: TabsProps) {
  const [query] = useSearchParams()
  const navigate = useNavigate()
  const list = useRef<HTMLDivElement>(null)
  const addressOf = (name: string) => {
    const next = new URLSearchParams([...query].filter(([key]) => key === 'at'))
    if (name !== tabs[0]?.name) next.set('tab', name)
    return { search: String(next) }
  }
  useEffect(() => {
    const chosen = list.current?.querySelector<HTMLElement>('[aria-selected=true]')
    // on a narrow screen the tabs scroll; the page itself stays where it is
    if (chosen && list.current) list.current.scrollLeft = chosen.offsetLeft - 16
  }, [open])
  if (tabs.length < 2) return null
  const onKeyDown = (event: React.KeyboardEvent) => {
    const at = tabs.findIndex(({ name }) => name === open)
    const moves: Record<string, number> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }
    const to = moves[event.key]
    const next = to === undefined ? undefined : tabs.at(to % tabs.length)
    if (!next) return
    event.preventDefault()
    navigate(addressOf(next.name), { replace: true })
    list.current?.querySelector<HTMLElement>(`#${CSS.escape(idOf(next.name))}`)?.focus()
  }
  return (
    <div className="tabs" role="tablist" aria-label={label} tabIndex={-1} ref={list} onKeyDown={onKeyDown}>
      {tabs.map(({ name, label }) => (
        <Link
          key={name}
          id={idOf(name)}
          role="tab"
          className="tab"
          aria-selected={name === open}
          {...(name === open ? { 'aria-controls': 'tab-panel' } : {})}
          tabIndex={name === open ? 0 : -1}
          to={addressOf(name)}
        >
          {label}
        </Link>
      ))}
    </div>
  )
}

export function TabPanel({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div id="tab-panel" role="tabpanel" aria-labelledby={idOf(name)} className="tab-panel">
      {children}
    </div>
  )
}
