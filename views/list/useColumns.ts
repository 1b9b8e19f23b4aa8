import { useState } from 'react'
import { useLocation, useNavigate } from 'react-router-dom'
import { readColumns, withColumns } from '../query.ts'
import { panelOf, type BasePropertyJSON, type ResourceJSON } from '../types.ts'
import { propertiesNamed } from './columns.ts'

export interface ChosenColumns {
  columns: readonly BasePropertyJSON[]
  /** Their names, where they are not those that the list has by itself. */
  chosen: string[] | null
  choose: (names: string[] | null) => void
}

/** The columns of a list: those of the address, or those chosen in this browser, or its own. */
export function useColumns(resource: ResourceJSON): ChosenColumns {
  const { search } = useLocation()
  const navigate = useNavigate()
  const [remembered, setRemembered] = useState(() => recall(resource))
  const chosen = readColumns(search) ?? remembered
  const choose = (names: string[] | null) => {
    remember(resource, names)
    setRemembered(names)
    if (readColumns(search)) navigate({ search: withColumns(search, null) }, { replace: true })
  }
  return { columns: propertiesNamed(resource, chosen), chosen, choose }
}

const keyOf = (resource: ResourceJSON): string => `driveflow.columns.${resource.id}`

/** What this browser remembers, without what has gone since, or is not for this role. */
function recall(resource: ResourceJSON): string[] | null {
  try {
    const names = JSON.parse(localStorage.getItem(keyOf(resource)) ?? 'null') as unknown
    if (!Array.isArray(names)) return null
    const known = panelOf(resource).columns.filter((name) => names.includes(name))
    return known.length > 0 ? (names as string[]).filter((name) => known.includes(name)) : null
  } catch {
    // storage may be closed, or hold something else
    return null
  }
}

function remember(resource: ResourceJSON, names: string[] | null): void {
  try {
    if (names) localStorage.setItem(keyOf(resource), JSON.stringify(names))
    else localStorage.removeItem(keyOf(resource))
  } catch {
    // chosen for as long as the page is open
  }
}
