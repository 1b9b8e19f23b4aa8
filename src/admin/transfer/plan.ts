import type { Context } from '../../core/context.ts'
import { invalid } from '../../core/errors.ts'
import type { Property, Screen } from '../screen.ts'
import type { RowMaker } from './imports.ts'
import type { School } from '../records/selection.ts'

/** What a role sees of a model. */
export interface Seen {
  readonly screens: ReadonlyMap<string, Screen>
  readonly screen: Screen
}

/** How the rows of a file become records: what each column goes into, and what tells that one is there already. */
export interface Plan extends Seen {
  readonly school: School
  /** In the order of the file; null for a column that is left out. */
  readonly columns: readonly (Property | null)[]
  readonly match: readonly Property[]
}

/** The properties that a file may bring: those of the declaration that the role may write, or that the operation asks for. */
export function importable({ screen }: Seen): Property[] {
  const { columns = [], maker } = screen.imports ?? {}
  return columns.flatMap((column) => {
    const property = screen.properties.find((one) => one.column === column && one.kind !== 'json')
    if (!property) return []
    if (maker) return property.masked ? [] : asked(property, maker)
    return property.writable ? property : []
  })
}

function asked(property: Property, maker: RowMaker): Property {
  const choices = maker.choices?.[property.column]
  const values = Object.entries(property.values ?? {}).filter(([value]) => !choices || choices.includes(value))
  return {
    ...property,
    required: maker.needs.includes(property.column),
    values: property.values && Object.fromEntries(values),
  }
}

/** @throws AppError Invalid for a mapping that names an unknown property, one twice, or not all that are needed */
export function planOf(seen: Seen, mapping: readonly (string | null)[], school: School): Plan {
  const properties = importable(seen)
  const columns = mapping.map((name) => {
    if (name === null) return null
    const property = properties.find((one) => one.name === name)
    if (!property) throw invalid(`“${name}” cannot be imported. Choose another field for this column.`, 'mapping')
    return property
  })
  const twice = columns.find((one, index) => one && columns.indexOf(one) < index)
  if (twice) throw invalid(`Two columns go into ${twice.label}. Leave one of them out.`, 'mapping')
  const missing = properties.filter((one) => one.required && !columns.includes(one))
  if (missing.length > 0)
    throw invalid(
      `Say which column holds ${missing.map(({ label }) => label).join(', ')}: every record needs it.`,
      'mapping',
    )
  const match = columns.filter((one): one is Property => one !== null && isMatched(seen, one))
  return { ...seen, school, columns, match }
}

// who does not see a value must not learn from a refusal that it is there
const isMatched = ({ screen }: Seen, property: Property): boolean =>
  !property.masked && !property.references && (screen.imports?.match.includes(property.column) ?? false)

/** How the school writes times and amounts. */
export async function schoolOf(ctx: Context): Promise<School> {
  const org = await ctx.db.read(ctx, (client) =>
    client.org.findFirstOrThrow({ where: { id: ctx.orgId }, select: { timeZone: true, currency: true } }),
  )
  return org
}
