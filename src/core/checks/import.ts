import { may, panelRoles } from '../permissions.ts'
import { fieldOf } from '../schema.ts'
import { isColumn } from './columns.ts'
import type { Declared } from './declared.ts'

/** Columns that a file may bring: those of a form, or those that an operation asks for. */
export function importGaps({ here, declaration, model }: Declared): string[] {
  const { import: imported, write } = declaration as {
    import?: { columns: readonly string[]; match?: readonly string[]; maker?: { needs: readonly string[] } }
    write?: readonly string[]
  }
  if (!imported) return []
  const { columns, match = [], maker } = imported
  const isWritten = (name: string) =>
    name !== 'id' && name !== 'orgId' && (maker !== undefined || (write?.includes(name) ?? true))
  const needed = model.fields.filter(
    ({ name, kind, isRequired, hasDefaultValue, isUpdatedAt }) =>
      kind !== 'object' && name !== 'orgId' && isRequired && !hasDefaultValue && !isUpdatedAt,
  )
  const missing = (maker?.needs ?? needed.map(({ name }) => name)).filter((name) => !columns.includes(name))
  return [
    ...(panelRoles.some((role) => may(role, maker ? 'import' : 'new', model.name))
      ? []
      : [`${here} imports ${model.name}, which nobody may add`]),
    ...columns
      .filter((name) => !isColumn(model, name) || !isWritten(name))
      .map((name) => `${here} imports ${name}, which no form changes`),
    ...missing.map((name) => `${here} imports without ${name}, which every record needs`),
    ...match
      .filter((name) => !columns.includes(name) || !fieldOf(model, name))
      .map((name) => `${here} matches by ${name}, which no file brings: add it to the columns of the import`),
  ]
}
