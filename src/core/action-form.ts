import { z } from 'zod'
import type { Action, FieldMeta } from './action.ts'
import { fieldLabel, valueLabel } from './labels.ts'

/** How a field is asked for. */
export type FormKind =
  | 'text'
  | 'longText'
  | 'number'
  | 'decimal'
  | 'money'
  | 'basisPoints'
  | 'date'
  | 'datetime'
  | 'enum'
  | 'boolean'
  | 'reference'

/** A field of an action's form, as its zod schema describes it. */
export interface FormField {
  readonly name: string
  readonly kind: FormKind
  readonly label: string
  readonly help: string | undefined
  readonly required: boolean
  /** The model whose records are chosen from. */
  readonly references: string | undefined
  readonly values: Readonly<Record<string, string>> | undefined
  readonly initial: string | number | boolean | undefined
  /** How the parsed value reaches zod. */
  readonly arrivesAs: 'string' | 'number' | 'boolean' | 'date'
}

interface Schema {
  type?: string
  format?: string
  enum?: string[]
  default?: unknown
  minLength?: number
  maxLength?: number
  anyOf?: Schema[]
}

/** The fields of an action's form, in order. @throws Error for a field that no form can ask for */
export function fieldsOf(action: Pick<Action, 'form' | 'name'>): FormField[] {
  if (!action.form) return []
  const described = z.toJSONSchema(action.form, { io: 'input', unrepresentable: 'any', override: describeDates })
  const required = new Set(described.required)
  return Object.entries(described.properties ?? {}).map(([name, schema]) =>
    fieldOf(name, schema as Schema & FieldMeta, { required: required.has(name), action: action.name }),
  )
}

// JSON knows no dates: an instant is said to be one
function describeDates({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: object }): void {
  if (zodSchema instanceof z.ZodDate) Object.assign(jsonSchema, { type: 'string', format: 'instant' })
}

const LONG = 200

function fieldOf(name: string, given: Schema & FieldMeta, about: { required: boolean; action: string }): FormField {
  // nullable: either the value or null
  const schema = { ...given.anyOf?.find(({ type }) => type !== 'null'), ...given } as Schema & FieldMeta
  const kind = kindOf(schema)
  if (!kind) throw new Error(`${about.action} asks for "${name}", which is no kind of field that a form has`)
  const initial = schema.default
  return {
    name,
    kind,
    label: schema.label ?? fieldLabel(name),
    help: schema.help,
    required: about.required && kind !== 'boolean',
    references: schema.references,
    values: schema.enum
      ? Object.fromEntries(schema.enum.map((value) => [value, schema.values?.[value] ?? valueLabel(value)]))
      : undefined,
    initial: typeof initial === 'object' ? undefined : (initial as FormField['initial']),
    arrivesAs: arrivalOf(schema),
  }
}

function kindOf(schema: Schema & FieldMeta): FormKind | undefined {
  if (schema.references) return 'reference'
  if (schema.kind === 'percent') return 'basisPoints'
  if (schema.kind) return schema.kind
  if (schema.enum) return 'enum'
  if (schema.type === 'integer') return 'number'
  if (schema.type === 'number') return 'decimal'
  if (schema.type === 'boolean') return 'boolean'
  if (schema.type !== 'string') return undefined
  if (schema.format === 'date') return 'date'
  if (schema.format === 'instant' || schema.format === 'date-time') return 'datetime'
  return (schema.maxLength ?? 0) > LONG ? 'longText' : 'text'
}

function arrivalOf({ type, format }: Schema): FormField['arrivesAs'] {
  if (format === 'instant') return 'date'
  if (type === 'integer' || type === 'number') return 'number'
  return type === 'boolean' ? 'boolean' : 'string'
}
