import React, { useState } from 'react'
import { Link, useNavigate } from 'react-router-dom'
import { actionsNamed, iconOf, isDangerous, isImmediate, nameOfRecord, type useRunAction } from '../actions.ts'
import { useLabels } from '../labels.ts'
import { Icon } from '../parts/Icon.tsx'
import { Menu } from '../parts/Menu.tsx'
import { ownActionPath, recordPath } from '../paths.ts'
import { isRightAligned } from '../kinds.ts'
import { Property } from '../Property.tsx'
import type { BasePropertyJSON, RecordJSON, ResourceJSON } from '../types.ts'
import type { Columns } from './columns.ts'
import type { Selection } from './ListScreen.tsx'

interface RecordRowProps {
  record: RecordJSON
  resource: ResourceJSON
  opener: Columns['opener']
  others: Columns['others']
  selection: Selection | null
  /** How many of the others a card shows on a telephone before it is unfolded. */
  onCard: number
  run: ReturnType<typeof useRunAction>
}

/** One record. Its title is a link; a press anywhere else on the row follows it too. */
export function RecordRow({ record, resource, opener, others, selection, onCard, run }: RecordRowProps) {
  const labels = useLabels()
  const navigate = useNavigate()
  const opens = ['show', 'edit'].find((name) => record.recordActions.includes(name))
  const path = opens ? recordPath(resource.id, record.id, opens) : null
  const name = nameOfRecord(record.title, resource)
  const isSelected = selection?.has(record) === true
  const [isUnfolded, setUnfolded] = useState(false)
  const hidden = others.length - onCard
  return (
    <tr
      className={[path && 'row-open', isSelected && 'row-selected', isUnfolded && 'row-unfolded']
        .filter(Boolean)
        .join(' ')}
      onClick={(event) => path && isPlainPress(event) && navigate(path)}
    >
      {selection ? (
        <td className="cell-check">
          {record.bulkActions.length > 0 ? (
            <label className="check-cell">
              <span className="sr-only">Select {name}</span>
              <input type="checkbox" checked={isSelected} onChange={() => selection.toggle(record)} />
            </label>
          ) : null}
        </td>
      ) : null}
      <th scope="row" className="cell-title">
        <div className="cell">
          <Title record={record} resource={resource} property={opener} path={path} />
        </div>
      </th>
      {others.map((property, index) => (
        <td
          key={property.propertyPath}
          data-label={labels.property(property)}
          className={cellClass(property, index >= onCard)}
        >
          <div className="cell">
            <Property where="list" property={property} resource={resource} record={record} />
          </div>
        </td>
      ))}
      {hidden > 0 ? (
        <td className="cell-unfold">
          <button type="button" className="unfold" aria-expanded={isUnfolded} onClick={() => setUnfolded(!isUnfolded)}>
            {isUnfolded ? 'Less' : `${hidden} more`}
            <span className="sr-only"> of {name}</span>
            <Icon name={isUnfolded ? 'ChevronUp' : 'ChevronDown'} size={16} />
          </button>
        </td>
      ) : null}
      <td className="cell-actions">
        <RecordMenu record={record} resource={resource} name={name} run={run} />
      </td>
    </tr>
  )
}

interface TitleProps extends Pick<RecordRowProps, 'record' | 'resource'> {
  property: BasePropertyJSON | null
  path: string | null
}

function Title({ record, resource, property, path }: TitleProps) {
  const value = property && record.params[property.propertyPath]
  const hasValue = value !== null && value !== undefined && value !== ''
  const words =
    property && hasValue ? (
      <Property where="list" property={property} resource={resource} record={record} />
    ) : (
      record.title || 'Open'
    )
  if (!path) return <span className="row-title">{words}</span>
  return (
    <Link className="row-title" to={path} title={record.title}>
      {words}
    </Link>
  )
}

function RecordMenu({
  record,
  resource,
  name,
  run,
}: { name: string } & Pick<RecordRowProps, 'record' | 'resource' | 'run'>) {
  const labels = useLabels()
  // opening it is what the row is for already
  const actions = actionsNamed(record.recordActions, resource).filter((action) => action.name !== 'show')
  if (actions.length === 0) return null
  const target = { resourceId: resource.id, recordId: record.id }
  return (
    <Menu
      className="button button-icon button-quiet"
      label={`Actions for ${name}`}
      button={<Icon name="MoreHorizontal" />}
    >
      {actions.map((action) => {
        const className = isDangerous(action) ? 'menu-item menu-item-danger' : 'menu-item'
        const content = (
          <>
            <Icon name={iconOf(action)} size={16} /> {labels.action(action, resource)}
          </>
        )
        return isImmediate(action) ? (
          <button
            key={action.name}
            type="button"
            role="menuitem"
            className={className}
            onClick={() => run(action, { target, named: name })}
          >
            {content}
          </button>
        ) : (
          <Link key={action.name} role="menuitem" className={className} to={ownActionPath(action, target)}>
            {content}
          </Link>
        )
      })}
    </Menu>
  )
}

const cellClass = (property: BasePropertyJSON, isExtra: boolean): string =>
  [isRightAligned(property) && 'cell-number', isExtra && 'cell-extra'].filter(Boolean).join(' ')

/** Not on something that has its own meaning, and not the end of selecting text. */
function isPlainPress(event: React.MouseEvent): boolean {
  const own = (event.target as HTMLElement).closest('a, button, input, label, [role=menu]')
  return !own && !window.getSelection()?.toString()
}
