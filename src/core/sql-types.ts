import type { Field } from './schema.ts'

const types: Record<string, string> = {
  DateTime: 'timestamptz',
  Int: 'int',
  BigInt: 'bigint',
  Decimal: 'numeric',
  Boolean: 'boolean',
  String: 'text',
  Json: 'jsonb',
}

/** The type of a column in PostgreSQL's words, for casts: `$1::timestamptz`. */
export function sqlTypeOf(field: Field): string {
  if (field.nativeType?.[0] === 'Uuid') return 'uuid'
  if (field.nativeType?.[0] === 'Date') return 'date'
  return types[field.type] ?? `"${field.type}"`
}
