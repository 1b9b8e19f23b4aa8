import type { Context } from '../../core/context.ts'
import { timeOfDay } from '../../core/time.ts'
import type { Property } from '../screen.ts'
import { masked } from './masking.ts'
import { Names } from './names.ts'
import type { View } from './records.ts'
import type { Row, School } from './selection.ts'

/** Columns as the audit log holds them. */
export type Values = Readonly<Record<string, unknown>>

/** A record with these values of the audit log in their columns' place, and the names of what they refer to. */
export async function rewound(
  ctx: Context,
  { view, now, school }: { view: View; now: Row; school: School },
  was: ReadonlyMap<Property, unknown>,
): Promise<Row> {
  const names = new Names()
  for (const [property, value] of was) if (property.references) names.want(property.references, value)
  await names.look(ctx, view.screens, school)
  const params = { ...now.params }
  const references = { ...now.references }
  for (const [property, value] of was) {
    params[property.name] = asShown(property, value)
    delete references[property.name]
    const named = property.references && names.get(property.references, value)
    if (property.references && value)
      references[property.name] = {
        model: property.references,
        id: String(value),
        title: named ? named.title : 'One that is no longer there',
      }
  }
  return { id: now.id, title: now.title, params, references }
}

/** A value as the audit log holds it, in the form that records have. */
function asShown(property: Property, value: unknown): unknown {
  if (property.masked) return masked(value)
  if (value === null || value === undefined) return null
  if (property.kind === 'datetime') return new Date(String(value)).toISOString()
  if (property.kind === 'json') return JSON.stringify(value)
  if (property.kind === 'time' && typeof value === 'number') return timeOfDay(value)
  return ['Decimal', 'BigInt'].includes(property.field.type) ? String(value) : value
}
