import { lockedIn } from './locks.ts'
import type { Property, Screen } from '../screen.ts'
import type { Row, Selection } from './selection.ts'
import { type Stored, storedFields, withStored } from './stored.ts'

// whatever a record says, an address of it runs nothing
const SAFE = /^(https:\/\/|mailto:|tel:|\/)/

const picked = (stored: Stored, columns: readonly string[]): Stored =>
  Object.fromEntries(columns.map((column) => [column, stored[column] ?? null]))

/** A record with what its declaration says of it as it is now: what is locked, and where else to look. */
export function recordSelection(selection: Selection, screen: Screen, properties: readonly Property[]): Selection {
  const { links } = screen.layout
  const lockable = properties.filter((property) => property.lockedWhen !== undefined)
  if (lockable.length === 0 && links.length === 0) return selection
  const readable = properties.filter((property) => !property.masked).map(({ column }) => column)
  return withStored(selection, storedFields(screen.model), (row, stored): Row => {
    // an address must not say what the role may not read
    const nothing = Object.fromEntries(Object.keys(stored).map((column) => [column, null]))
    const seen: Stored = { ...nothing, ...picked(stored, readable) }
    const leading = links.flatMap(({ label, to }) => {
      const href = to(seen)
      return href && SAFE.test(href) ? [{ label, href }] : []
    })
    return {
      ...row,
      stored,
      ...(lockable.length > 0 && { locked: lockedIn(lockable, stored) }),
      ...(links.length > 0 && { links: leading }),
    }
  })
}
