import React, { useEffect, useState } from 'react'
import { WaitingForYou } from '../approvals/ApprovalsLink.tsx'
import { humanise, initials } from '../format.ts'
import { Icon } from '../parts/Icon.tsx'
import { Menu } from '../parts/Menu.tsx'
import { usePaths, useSchool, useSession } from '../session.ts'
import { useTheme } from '../theme.ts'
import { formatDateTime, zoneCity } from '../zone.ts'
import { Search } from './Search.tsx'

interface TopBarProps {
  openSidebar: () => void
  sidebarOpen: boolean
  menuButton: React.RefObject<HTMLButtonElement>
}

export function TopBar({ openSidebar, sidebarOpen, menuButton }: TopBarProps) {
  const school = useSchool()
  return (
    <div className="topbar">
      <button
        ref={menuButton}
        type="button"
        className="button button-icon topbar-menu"
        aria-label="Open the navigation"
        aria-expanded={sidebarOpen}
        onClick={openSidebar}
      >
        <Icon name="Menu" size={20} />
      </button>
      <span className="topbar-school">{school.name}</span>
      <SchoolClock />
      <span className="topbar-space" />
      <WaitingForYou />
      <Search />
      <ThemeSwitch />
      <Person />
    </div>
  )
}

/** The time where the lessons are: everything on the screens is said in it. */
function SchoolClock() {
  const { timeZone } = useSchool()
  const [now, setNow] = useState(() => new Date())
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 20_000)
    return () => clearInterval(timer)
  }, [])
  return (
    <span className="school-clock">
      <Icon name="Clock" size={16} />
      <time dateTime={now.toISOString()}>{formatDateTime(now.toISOString(), timeZone, now)}</time>
      <span className="muted">in {zoneCity(timeZone)}</span>
    </span>
  )
}

function ThemeSwitch() {
  const { theme, toggle } = useTheme()
  const other = theme === 'dark' ? 'light' : 'dark'
  return (
    <button type="button" className="button button-icon" aria-label={`Switch to the ${other} theme`} onClick={toggle}>
      <Icon name={theme === 'dark' ? 'Sun' : 'Moon'} />
    </button>
  )
}

function Person() {
  const session = useSession()
  const { logoutPath } = usePaths()
  const name = session.name || session.email
  return (
    <Menu
      className="person"
      label="Account"
      button={
        <>
          <span className="avatar" aria-hidden="true">
            {initials(name)}
          </span>
          <span className="person-name">{name}</span>
          <Icon name="ChevronDown" size={16} />
        </>
      }
    >
      <div className="menu-head" role="none">
        <strong>{name}</strong>
        <small>{session.email}</small>
        <small>
          {session.visit ? 'From the platform, in' : `${humanise(session.role)} at`} {session.school.name}
        </small>
      </div>
      <a role="menuitem" tabIndex={-1} className="menu-item" href="/admin/profile">
        <Icon name="User" size={16} /> Profile and sessions
      </a>
      <form method="post" action={logoutPath} role="none">
        <button type="submit" role="menuitem" className="menu-item">
          <Icon name="LogOut" size={16} /> Sign out
        </button>
      </form>
    </Menu>
  )
}
