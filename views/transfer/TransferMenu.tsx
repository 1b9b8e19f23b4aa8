import React from 'react'
import { Link, useLocation } from 'react-router-dom'
import { download } from '../api.ts'
import { useLabels } from '../labels.ts'
import { useNotify } from '../notices.ts'
import { Icon } from '../parts/Icon.tsx'
import { Menu } from '../parts/Menu.tsx'
import { exportApi, importPath } from '../paths.ts'
import { listQuery, withColumns } from '../query.ts'
import { panelOf, type ResourceJSON } from '../types.ts'

interface TransferMenuProps {
  resource: ResourceJSON
  /** Those of the list; null when it shows its own. */
  columns: string[] | null
}

/** The list as a file, and a file into the list. */
export function TransferMenu({ resource, columns }: TransferMenuProps) {
  const labels = useLabels()
  const { search } = useLocation()
  const notify = useNotify()
  const named = labels.resource(resource).toLowerCase()
  const exportList = async (): Promise<void> => {
    notify({ message: `Preparing the file of ${named} …`, type: 'info' })
    try {
      const name = await download(exportApi(resource.id, listQuery(withColumns(search, columns))), 'POST')
      notify({ message: `${name} is saved. The audit log says who exported what.`, type: 'success' })
    } catch (error) {
      notify({ message: (error as Error).message, type: 'error' })
    }
  }
  return (
    <Menu label="Export and import" className="button" button={<Icon name="MoreHorizontal" size={16} />}>
      <button type="button" role="menuitem" tabIndex={-1} className="menu-item" onClick={() => void exportList()}>
        <Icon name="Download" size={16} />
        <span className="menu-text">
          Export
          <small>This list, as a file for a spreadsheet</small>
        </span>
      </button>
      {panelOf(resource).canImport ? (
        <Link role="menuitem" tabIndex={-1} className="menu-item" to={importPath(resource.id)}>
          <Icon name="Upload" size={16} />
          <span className="menu-text">
            Import
            <small>Records from a file</small>
          </span>
        </Link>
      ) : null}
    </Menu>
  )
}
