import type { Context } from '../../core/context.ts'
import { tenantCondition } from '../../core/schema.ts'
import { told } from '../records/records.ts'
import { type Property, screenOf } from '../screen.ts'
import { selectionOf } from '../records/selection.ts'
import type { Plan } from './plan.ts'

type Answer = { readonly id: string } | { readonly problem: string }

/** Looks records up by the names that they are shown by. @returns the id of a name, or why there is none */
export async function findReferences(
  ctx: Context,
  plan: Plan,
  { property, names }: { property: Property; names: readonly string[] },
): Promise<(name: string) => Answer> {
  const target = screenOf(plan.screens, property.references!)
  const ids = await idsByName(ctx, plan, { model: property.references!, names })
  const called = target.singular.toLowerCase()
  return (name) => {
    const found = ids.get(name.toLowerCase()) ?? []
    if (found.length === 1) return { id: found[0]! }
    const shown = name.slice(0, 60)
    return {
      problem:
        found.length === 0
          ? `${property.label}: there is no ${called} called “${shown}” in your school.`
          : `${property.label}: ${found.length} are called “${shown}”. Leave it empty and choose the right one afterwards.`,
    }
  }
}

async function idsByName(
  ctx: Context,
  { screens, school }: Plan,
  { model, names }: { model: string; names: readonly string[] },
): Promise<Map<string, string[]>> {
  const target = screenOf(screens, model)
  const [column] = target.title
  const ids = new Map<string, string[]>()
  if (!column || column.includes('.') || names.length === 0) return ids
  const selection = selectionOf(screens, target, [])
  // a title of several parts is told apart by its first, then compared whole
  const parts = [...new Set(names.flatMap((name) => [name, name.split(' · ')[0]!]))]
  const text = `SELECT ${selection.columns} FROM "${model}" b ${selection.joins} WHERE ${tenantCondition(target.model, 'b', '$1::uuid')} AND lower(b."${column}"::text) = ANY (ARRAY(SELECT lower(one) FROM unnest($2::text[]) one))`
  const [rows] = await told(ctx.db.select(ctx, [{ text, values: [ctx.orgId, parts] }]))
  for (const values of rows!) {
    const { id, title } = selection.read(values, school)
    const key = title.toLowerCase()
    ids.set(key, [...(ids.get(key) ?? []), id])
  }
  return ids
}
