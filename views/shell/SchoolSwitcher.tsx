import React from 'react'
import { Link } from 'react-router-dom'
import { humanise, initials } from '../format.ts'
import { Icon } from '../parts/Icon.tsx'
import { Menu } from '../parts/Menu.tsx'
import { usePaths, useSession, type Session } from '../session.ts'

/** The school whose records are shown; for people in several schools, the way to another. */
export function SchoolSwitcher() {
  const session = useSession()
  const { rootPath } = usePaths()
  if (session.schools.length < 2) {
    return (
      <Link className="school" to={rootPath}>
        <School name={session.school.name} role={session.role} />
      </Link>
    )
  }
  return (
    <Menu
      className="school"
      label="Switch school"
      button={
        <>
          <School name={session.school.name} role={session.role} />
          <Icon name="ChevronDown" size={16} />
        </>
      }
    >
      {session.schools.map((school) => (
        <SwitchForm key={school.orgId} school={school} isCurrent={school.orgId === session.school.id} />
      ))}
    </Menu>
  )
}

function School({ name, role }: { name: string; role: string }) {
  return (
    <>
      <span className="monogram" aria-hidden="true">
        {initials(name)}
      </span>
      <span className="school-name">
        <strong>{name}</strong>
        <small>{role ? humanise(role) : 'DriveFlow'}</small>
      </span>
    </>
  )
}

function SwitchForm({ school, isCurrent }: { school: Session['schools'][number]; isCurrent: boolean }) {
  const { rootPath } = usePaths()
  return (
    <form method="post" action={`${rootPath}/switch-school`} role="none">
      <input type="hidden" name="orgId" value={school.orgId} />
      <button type="submit" role="menuitem" className="menu-item" {...(isCurrent ? { 'aria-current': 'true' } : {})}>
        <span className="menu-text">
          {school.name}
          <small>{humanise(school.role)}</small>
        </span>
        {isCurrent ? <Icon name="Check" size={16} /> : null}
      </button>
    </form>
  )
}
