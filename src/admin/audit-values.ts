import { may, type PanelRole } from '../core/permissions.ts'
import { propertiesFor, type Screen } from './screen.ts'
import type { Row } from './selection.ts'

/** An audit entry without the columns that the role may not see of the record it is about. */
export function withoutHidden(row: Row, screens: ReadonlyMap<string, Screen>, role: PanelRole): Row {
  const model = String(row.params.entityType)
  const screen = screens.get(model)
  const open = new Set(screen && may(role, 'read', model) ? propertiesFor(screen, role).map((one) => one.column) : [])
  const reduced = (text: unknown) =>
    typeof text === 'string'
      ? JSON.stringify(
          Object.fromEntries(Object.entries(JSON.parse(text) as object).filter(([column]) => open.has(column))),
        )
      : text
  return { ...row, params: { ...row.params, before: reduced(row.params.before), after: reduced(row.params.after) } }
}
