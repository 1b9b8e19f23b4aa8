import { may, type PanelRole } from '../../core/permissions.ts'
import { masked } from './masking.ts'
import { propertiesFor, type Screen } from '../screen.ts'
import type { Row } from './selection.ts'

/** An audit entry without the columns that the role may not see of the record it is about. */
export function withoutHidden(row: Row, screens: ReadonlyMap<string, Screen>, role: PanelRole): Row {
  // what was exported, not what a record said; only who reads the audit log gets here
  if (String(row.params.action).endsWith('.export')) return row
  const model = String(row.params.entityType)
  const screen = screens.get(model)
  const shown = screen && may(role, 'read', model) ? propertiesFor(screen, role) : []
  const open = new Map(shown.map((one) => [one.column, one]))
  const reduced = (text: unknown) =>
    typeof text === 'string'
      ? JSON.stringify(
          Object.fromEntries(
            Object.entries(JSON.parse(text) as object)
              .filter(([column]) => open.has(column))
              .map(([column, value]: [string, unknown]) => [column, open.get(column)!.masked ? masked(value) : value]),
          ),
        )
      : text
  return { ...row, params: { ...row.params, before: reduced(row.params.before), after: reduced(row.params.after) } }
}
