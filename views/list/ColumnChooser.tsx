import React from 'react'
import { useLabels } from '../labels.ts'
import { Icon } from '../parts/Icon.tsx'
import { Menu } from '../parts/Menu.tsx'
import { panelOf, type BasePropertyJSON, type ResourceJSON } from '../types.ts'

interface ColumnChooserProps {
  resource: ResourceJSON
  columns: readonly BasePropertyJSON[]
  /** null: those that the list has by itself. */
  choose: (names: string[] | null) => void
}

/** Which columns the list shows. One stays: an empty table says nothing. */
export function ColumnChooser({ resource, columns, choose }: ColumnChooserProps) {
  const labels = useLabels()
  const shown = columns.map(({ propertyPath }) => propertyPath)
  const usual = resource.listProperties.map(({ propertyPath }) => propertyPath)
  const toggle = (name: string) => {
    const next = shown.includes(name) ? shown.filter((one) => one !== name) : inUsualPlace([...shown, name], usual)
    if (next.length > 0) choose(next.join() === usual.join() ? null : next)
  }
  const names = [...new Set([...usual, ...panelOf(resource).columns])]
  return (
    <Menu
      className="button list-tool"
      label="Choose the columns"
      button={
        <>
          <Icon name="Columns" size={16} /> <span aria-hidden="true">Columns</span>
        </>
      }
    >
      <button type="button" role="menuitem" className="menu-item" onClick={() => choose(null)}>
        <Icon name="RotateCcw" size={16} /> The usual columns
      </button>
      {names.map((name) => {
        const property = resource.properties[name]
        const isShown = shown.includes(name)
        return property ? (
          <button
            key={name}
            type="button"
            role="menuitemcheckbox"
            aria-checked={isShown}
            className="menu-item menu-check"
            onClick={() => toggle(name)}
          >
            <span className="menu-box">{isShown ? <Icon name="Check" size={14} /> : null}</span>
            {labels.property(property)}
          </button>
        ) : null
      })}
    </Menu>
  )
}

/** A column of the list comes back to its place among its neighbours; any other goes to the end. */
function inUsualPlace(names: string[], usual: readonly string[]): string[] {
  const added = names.at(-1)!
  const before = usual.slice(0, Math.max(usual.indexOf(added), 0)).findLast((name) => names.includes(name))
  if (!usual.includes(added)) return names
  const rest = names.slice(0, -1)
  const at = before === undefined ? 0 : rest.indexOf(before) + 1
  return [...rest.slice(0, at), added, ...rest.slice(at)]
}
