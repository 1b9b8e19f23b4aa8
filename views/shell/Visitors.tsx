import React from 'react'
import { Link } from 'react-router-dom'
import { useActionDialog } from '../action/ActionDialog.tsx'
import { useResource } from '../areas.ts'
import { Icon } from '../parts/Icon.tsx'
import { listPath, recordPath } from '../paths.ts'
import { useSchool, useSession } from '../session.ts'
import { formatDateTime } from '../zone.ts'
import { lookForVisitors, useVisitors } from './visitors.ts'

const ACCESS = 'OperatorAccess'

/** For whoever answers for the school: who of the platform is inside, until when and why, and the way to end it. */
export function Visitors() {
  const resource = useResource(ACCESS)
  const end = resource?.actions.find(({ name }) => name === 'end')
  const isVisitor = useSession().visit !== null
  const { timeZone } = useSchool()
  const ask = useActionDialog()
  const visitors = useVisitors(end !== undefined && !isVisitor)
  if (!resource || !end || isVisitor) return null
  return (
    <>
      {visitors.map(({ id, name, reason, until }) => (
        <p key={id} className="banner banner-warning" role="status">
          <Icon name="Eye" size={16} />
          <span>
            <Link to={recordPath(ACCESS, id)}>{name}</Link> of the platform is inside until{' '}
            {formatDateTime(until, timeZone)}, because: “{reason}”{' '}
            <button
              type="button"
              className="banner-plain"
              onClick={() =>
                ask({
                  resource,
                  action: end,
                  target: { resourceId: ACCESS, recordId: id },
                  stay: true,
                  done: lookForVisitors,
                })
              }
            >
              End it now
            </button>
          </span>
        </p>
      ))}
    </>
  )
}

/** For somebody of the platform: where they are, for how long, and the way out. */
export function Visiting() {
  const { visit } = useSession()
  const { name, timeZone } = useSchool()
  if (!visit) return null
  return (
    <form className="banner banner-danger" method="post" action="/admin/platform/leave">
      <Icon name="Eye" size={16} />
      <span>
        You look into {name} until {formatDateTime(visit.until, timeZone)}, because: “{visit.reason}” The school sees
        it. <input type="hidden" name="access" value={visit.id} />
        <button type="submit" className="banner-plain">
          Leave
        </button>{' '}
        · <a href="/admin/platform">Other schools</a> · <Link to={listPath(ACCESS)}>Earlier looks</Link>
      </span>
    </form>
  )
}
