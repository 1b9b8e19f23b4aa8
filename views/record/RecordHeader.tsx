import React from 'react'
import { Link, useNavigate, useSearchParams } from 'react-router-dom'
import { actionsNamed, iconOf, isDangerous, isImmediate, nameOfRecord, useRunAction } from '../actions.ts'
import { useLabels } from '../labels.ts'
import { Icon } from '../parts/Icon.tsx'
import { Menu } from '../parts/Menu.tsx'
import { ownActionPath, listPath, recordPath } from '../paths.ts'
import { Property } from '../Property.tsx'
import { type ActionJSON, type RecordJSON, type ResourceJSON, panelOf } from '../types.ts'
import { Breadcrumbs } from './Breadcrumbs.tsx'

interface RecordHeaderProps {
  resource: ResourceJSON
  record: RecordJSON
  action: ActionJSON
  reload: () => void
}

/** Title, state and next actions of a record. */
export function RecordHeader({ resource, record, action, reload }: RecordHeaderProps) {
  const labels = useLabels()
  const isShow = action.name === 'show'
  const title = record.title || labels.resource(resource)
  const badges = panelOf(resource).badges.flatMap((name) => resource.properties[name] ?? [])
  const trail = [{ label: labels.resource(resource), to: resource.href ?? listPath(resource.id) }]
  if (!isShow) trail.push({ label: title, to: recordPath(resource.id, record.id) })
  return (
    <div>
      <Breadcrumbs trail={trail} />
      <div className="screen-head">
        <h1>
          {isShow ? title : `${labels.action(action, resource)} ${record.title}`}
          {isShow
            ? badges.map((property) =>
                record.params[property.propertyPath] ? (
                  <Property
                    key={property.propertyPath}
                    where="list"
                    property={property}
                    resource={resource}
                    record={record}
                  />
                ) : null,
              )
            : null}
        </h1>
        {isShow ? <RecordActions resource={resource} record={record} reload={reload} /> : null}
      </div>
    </div>
  )
}

/** How many actions stand as buttons; the rest, and whatever destroys, is in the menu. */
const BUTTONS = 3

function RecordActions({ resource, record, reload }: Omit<RecordHeaderProps, 'action'>) {
  const navigate = useNavigate()
  const run = useRunAction(resource, reload)
  const others = actionsNamed(record.recordActions, resource).filter(({ name }) => name !== 'show')
  const safe = others.filter((action) => !isDangerous(action))
  const buttons = safe.slice(0, BUTTONS)
  const more = others.filter((action) => !buttons.includes(action))
  const start = (action: ActionJSON) =>
    isImmediate(action)
      ? run(action, {
          target: { resourceId: resource.id, recordId: record.id },
          named: nameOfRecord(record.title, resource),
        })
      : navigate(ownActionPath(action, { resourceId: resource.id, recordId: record.id }))
  return (
    <div className="screen-actions">
      {buttons.map((action) => (
        <ActionControl
          key={action.name}
          {...{ action, resource, record, start }}
          className={action.name === 'edit' ? 'button button-primary' : 'button'}
        />
      ))}
      {more.length > 0 ? (
        <Menu className="button button-icon" label="More actions" button={<Icon name="MoreHorizontal" />}>
          {more.map((action) => (
            <ActionControl
              key={action.name}
              {...{ action, resource, record, start }}
              role="menuitem"
              className={isDangerous(action) ? 'menu-item menu-item-danger' : 'menu-item'}
            />
          ))}
        </Menu>
      ) : null}
    </div>
  )
}

interface ActionControlProps extends Pick<RecordHeaderProps, 'resource' | 'record' | 'action'> {
  start: (action: ActionJSON) => void
  className: string
  role?: 'menuitem'
}

/** A link where an action has a page, a button where it happens at once. */
function ActionControl({ action, resource, record, start, className, role }: ActionControlProps) {
  const labels = useLabels()
  const [query] = useSearchParams()
  const tab = query.get('tab')
  // who looks at a tab and edits means what is on it
  const at = action.name === 'edit' && tab ? `?${new URLSearchParams({ tab })}` : ''
  const content = (
    <>
      <Icon name={iconOf(action)} size={16} /> {labels.action(action, resource)}
    </>
  )
  if (!isImmediate(action)) {
    return (
      <Link
        {...(role ? { role } : {})}
        className={className}
        to={ownActionPath(action, { resourceId: resource.id, recordId: record.id }) + at}
      >
        {content}
      </Link>
    )
  }
  return (
    <button {...(role ? { role } : {})} type="button" className={className} onClick={() => start(action)}>
      {content}
    </button>
  )
}
