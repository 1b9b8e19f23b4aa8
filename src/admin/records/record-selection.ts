import { isLockable, lockedIn } from './locks.ts'
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
  const lockable = properties.filter(isLockable)
  if (lockable.length === 0 && links.length === 0) return selection
  const readable = properties.filter((property) => !property.masked).map(({ column }) => column)
  const asked = [...new Set(lockable.flatMap(({ lockedBy }) => lockedBy?.asks ?? []))]
  const told = withStored(selection, storedFields(screen.model), (row, stored) => ({ row, stored }))
  const complete = ({ row, stored }: ReturnType<typeof told.read>, known: ReadonlySet<string>): Row => {
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
      ...(lockable.length > 0 && { locked: lockedIn(lockable, stored, known) }),
      ...(links.length > 0 && { links: leading }),
    }
  }
  return {
    ...told,
    columns: [told.columns, ...asked.map((name, index) => `${name}(b) AS k${index}`)].join(', '),
    width: told.width + asked.length,
    read: (values, school) => {
      const known = asked.filter((_, index) => values[told.width + index] === true)
      return complete(told.read(values, school), new Set(known))
    },
  }
}
