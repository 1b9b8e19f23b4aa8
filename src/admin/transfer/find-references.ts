import type { Context } from '../../core/context.ts'
import { tenantCondition } from '../../core/schema.ts'
import { told } from '../records/records.ts'
import { type Property, type Screen, screenOf } from '../screen.ts'
import { selectionOf } from '../records/selection.ts'
import type { Plan } from './plan.ts'

type Answer = { readonly id: string } | { readonly problem: string }

/**
 * Looks records up by the names that they are shown by; people that have several of one name also by their e-mail address or
 * phone, and everything by the end of its id.
 * @returns the id of a name, or why there is none
 */
export async function findReferences(
  ctx: Context,
  plan: Plan,
  { property, names }: { property: Property; names: readonly string[] },
): Promise<(name: string) => Answer> {
  const target = screenOf(plan.screens, property.references!)
  const [byName, byHandle] = await Promise.all([
    idsByName(ctx, plan, { target, names }),
    idsByHandle(ctx, { target, names }),
  ])
  const called = target.singular.toLowerCase()
  const instead = property.required
    ? `Put the ${handlesInWords(target)} of the right one there.`
    : 'Leave it empty and choose the right one afterwards.'
  return (name) => {
    const found = byName.get(name.toLowerCase()) ?? byHandle.get(handleIn(name)) ?? []
    if (found.length === 1) return { id: found[0]! }
    const shown = name.slice(0, 60)
    return {
      problem:
        found.length === 0
          ? `${property.label}: there is no ${called} called “${shown}” in your school.`
          : `${property.label}: ${found.length} are called “${shown}”. ${instead}`,
    }
  }
}

async function idsByName(
  ctx: Context,
  { screens, school }: Plan,
  { target, names }: { target: Screen; names: readonly string[] },
): Promise<Map<string, string[]>> {
  const [column] = target.title
  if (!column || column.includes('.') || names.length === 0) return new Map()
  const selection = selectionOf(screens, target, [])
  // a title of several parts is told apart by its first, then compared whole
  const parts = [...new Set(names.flatMap((name) => [name, name.split(' · ')[0]!]))]
  const text = `SELECT ${selection.columns} FROM "${target.model.name}" b ${selection.joins} WHERE ${tenantCondition(target.model, 'b', '$1::uuid')} AND lower(b."${column}"::text) = ANY (ARRAY(SELECT lower(one) FROM unnest($2::text[]) one))`
  const [rows] = await told(ctx.db.select(ctx, [{ text, values: [ctx.orgId, parts] }]))
  return gathered(
    rows!.map((values) => {
      const { id, title } = selection.read(values, school)
      return [title.toLowerCase(), id]
    }),
  )
}

const SHORT = 6

/** What else tells a record apart, as it is compared: an address in small letters, the digits of a phone, the end of an id. */
function handleIn(name: string): string {
  const text = name.trim().toLowerCase()
  if (text.includes('@')) return text
  const short = text.replace(/^#/, '')
  if (/^[0-9a-f]{6}$/.test(short)) return short
  return /^[+\d\s()./-]{7,}$/.test(text) ? text.replaceAll(/\D/g, '').replace(/^0+/, '') : text
}

/** Of the columns of a screen, those that the role sees whole. */
const handlesOf = ({ properties }: Screen): ('email' | 'phone')[] =>
  (['email', 'phone'] as const).filter((name) => properties.some((one) => one.column === name && !one.masked))

/** "e-mail, phone or end of the id". */
export const handlesInWords = (target: Screen): string =>
  new Intl.ListFormat('en-AU', { type: 'disjunction' }).format([
    ...handlesOf(target).map((name) => (name === 'email' ? 'e-mail' : name)),
    'end of the id',
  ])

const COMPARED = { email: 'lower(b.email)', phone: 'phone_digits(b.phone)' }

async function idsByHandle(
  ctx: Context,
  { target, names }: { target: Screen; names: readonly string[] },
): Promise<Map<string, string[]>> {
  const handles = [...new Set(names.map(handleIn))].filter((one) => one.includes('@') || /^[0-9a-f]{6,}$/.test(one))
  if (handles.length === 0) return new Map()
  // compared in the words of the indexes of short ids
  const expressions = [`"right"(b.id::text, ${SHORT})`, ...handlesOf(target).map((name) => COMPARED[name])]
  const inSchool = tenantCondition(target.model, 'b', '$1::uuid')
  const queries = expressions.map((expression) => ({
    text: `SELECT ${expression}, b.id FROM "${target.model.name}" b WHERE ${inSchool} AND ${expression} = ANY ($2::text[])`,
    values: [ctx.orgId, handles],
  }))
  const answers = await told(ctx.db.select(ctx, queries))
  return gathered(answers.flat() as [string, string][])
}

function gathered(pairs: readonly (readonly [string, string])[]): Map<string, string[]> {
  const ids = new Map<string, string[]>()
  for (const [key, id] of pairs) ids.set(key, [...new Set([...(ids.get(key) ?? []), id])])
  return ids
}
