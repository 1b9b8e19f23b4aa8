import type { z } from 'zod'
import type { Action } from '../../core/action.ts'
import type { Context } from '../../core/context.ts'
import { AppError, InvalidForm, invalid } from '../../core/errors.ts'
import { formatMoney } from '../../core/money.ts'
import { modelOf, tenantCondition } from '../../core/schema.ts'
import { parseDate, formatDay } from '../../core/time.ts'
import type { FormField } from '../../core/action-form.ts'
import type { Property } from '../screen.ts'
import type { School } from '../records/selection.ts'
import { parseValue } from '../values.ts'

type Values = Record<string, unknown>

/**
 * What was typed as the action takes it: read as each field's kind, judged by the schema, references looked up in the school.
 * @throws InvalidForm with a sentence for every field that is wrong
 */
export async function parseInput(
  ctx: Context,
  { action, fields }: { action: Action; fields: readonly FormField[] },
  { typed, school }: { typed: unknown; school: School },
): Promise<Values> {
  if (!action.form) return {}
  const given = typeof typed === 'object' && typed !== null && !Array.isArray(typed) ? (typed as Values) : {}
  const wrong: AppError[] = []
  const read: Values = {}
  for (const field of fields) {
    try {
      const value = readField(field, Object.hasOwn(given, field.name) ? given[field.name] : undefined, school)
      if (value !== undefined) read[field.name] = value
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      wrong.push(error)
    }
  }
  const told = new Set(wrong.map(({ field }) => field))
  const judged = action.form.safeParse(read, { error: (issue) => sentenceOf(issue, fields, school) })
  for (const { path, message } of judged.error?.issues ?? []) {
    const name = String(path[0] ?? '')
    if (!told.has(name)) wrong.push(invalid(message, name))
    told.add(name)
  }
  wrong.push(
    ...(await strangers(
      ctx,
      fields.filter(({ name }) => !told.has(name)),
      read,
    )),
  )
  if (wrong.length > 0) throw new InvalidForm(wrong)
  return judged.data as Values
}

/** Empty is nothing at all: the schema says whether it may be missing, and what counts instead. */
function readField(field: FormField, raw: unknown, school: School): unknown {
  if (field.kind === 'boolean') return raw === undefined || raw === null ? undefined : raw === true || raw === 'true'
  if (raw === undefined || raw === null || (typeof raw === 'string' && raw.trim() === '')) return undefined
  const parsed = parseValue(propertyOf(field), raw, school.timeZone)
  if (field.arrivesAs === 'number') return Number(parsed)
  if (field.arrivesAs === 'date' || !(parsed instanceof Date)) return parsed
  return field.kind === 'date' ? parsed.toISOString().slice(0, 10) : parsed.toISOString()
}

/** The field as forms of records know theirs. */
function propertyOf(field: FormField): Property {
  const { name, kind, label, values, references } = field
  const stored = { name, kind: 'scalar', type: 'Other', isList: false, isRequired: false, isId: false } as const
  return {
    name,
    column: name,
    kind,
    label,
    field: { ...stored, isUnique: false, hasDefaultValue: false },
    references,
    values,
    required: field.required,
    writable: true,
  } as unknown as Property
}

/** What zod objects to, as a sentence that names the field and what to do. */
function sentenceOf(issue: z.core.$ZodRawIssue, fields: readonly FormField[], school: School): string {
  const field = fields.find(({ name }) => name === issue.path?.[0])
  const label = field?.label ?? 'This'
  const amount = (limit: unknown) => limitOf(field, limit, school)
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? `${label} is needed.` : `${label} has a value that cannot be read.`
    case 'too_small':
      if (issue.origin === 'string')
        return Number(issue.minimum) > 1
          ? `${label} needs at least ${issue.minimum} characters.`
          : `${label} is needed.`
      return `${label} is ${issue.inclusive === false ? 'more than' : 'at least'} ${amount(issue.minimum)}.`
    case 'too_big':
      if (issue.origin === 'string') return `${label} has at most ${issue.maximum} characters.`
      return `${label} is ${issue.inclusive === false ? 'less than' : 'at most'} ${amount(issue.maximum)}.`
    case 'invalid_value':
      return issue.input === undefined ? `${label} is needed.` : `${label} is not one of the choices.`
    default:
      return `${label} cannot be like that. Check what you typed.`
  }
}

function limitOf(field: FormField | undefined, limit: unknown, school: School): string {
  if (field?.kind === 'money') return formatMoney(Number(limit), school.currency)
  if (field?.kind === 'basisPoints') return `${Number(limit) / 100} %`
  const day = limit instanceof Date ? limit.toISOString().slice(0, 10) : parseDate(String(limit))
  return day ? formatDay(day) : String(limit)
}

/** A record of another school is no different from one that does not exist. */
async function strangers(ctx: Context, fields: readonly FormField[], values: Values): Promise<AppError[]> {
  const chosen = fields.filter(({ references, name }) => references && values[name] !== undefined)
  if (chosen.length === 0) return []
  const queries = chosen.map(({ references, name }) => ({
    text: `SELECT 1 FROM "${references}" t WHERE ${tenantCondition(modelOf(references!), 't', '$1::uuid')} AND t.id = $2::uuid`,
    values: [ctx.orgId, values[name]],
  }))
  const found = await ctx.db.select(ctx, queries)
  return chosen
    .filter((_, index) => found[index]!.length === 0)
    .map(({ label, name }) => invalid(`${label} is not one of your school's: choose one from the list.`, name))
}
