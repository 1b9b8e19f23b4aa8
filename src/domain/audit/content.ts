import { createHash } from 'node:crypto'

const head = [
  'id',
  'orgId',
  'number',
  'seq',
  'tx',
  '',
  'actorUserId',
  'actorKind',
  'actorRole',
  'action',
  'entityType',
  'entityId',
]

/**
 * An audit row as it is hashed: canonical jsonb, times as microseconds since 1970. Rows of the second format have a digest
 * in the place of what may be about a person, so that it can be taken out: docs/privacy.md. PostgreSQL's function
 * `audit.content` says the same; whoever checks does not ask it, because it could have been replaced.
 * @param alias of AuditLog in the statement
 */
export const contentOf = (alias: string): string => {
  const names = `string_to_array(${alias}.personal, ',')`
  const open = (side: string) =>
    `CASE jsonb_typeof(${alias}.${side}) WHEN 'object' THEN CASE WHEN ${alias}.personal IS NULL THEN ${alias}.${side} ELSE ${alias}.${side} - ${names} END END`
  const second = [
    open('before'),
    open('after'),
    digestOf(alias),
    `${alias}."requestId"`,
    `${alias}.ip`,
    `${alias}.personal`,
  ]
  return `(CASE WHEN ${alias}.format = 1 THEN ${firstFormat(alias)} ELSE ${arrayOf(alias, head, second)} END)::text`
}

const firstFormat = (alias: string): string =>
  arrayOf(
    alias,
    head,
    ['before', 'after', 'reason', '"requestId"', 'ip'].map((name) => `${alias}.${name}`),
  )

function arrayOf(alias: string, columns: readonly string[], rest: readonly string[]): string {
  const time = `(extract(epoch FROM ${alias}."createdAt") * 1000000)::bigint`
  return `jsonb_build_array(${[...columns.map((name) => (name ? `${alias}."${name}"` : time)), ...rest].join(', ')})`
}

/** What may be about a person, to the letter. */
export const valuesOf = (alias: string): string =>
  `jsonb_build_array(${alias}.before, ${alias}.after, ${alias}.reason)::text`

/** Once it was taken out, the digest of then is kept; until then it is made from what is there. */
const digestOf = (alias: string): string =>
  `CASE WHEN ${alias}.salt IS NULL THEN ${alias}.digest ELSE ${sha256(`${alias}.salt::text || ${valuesOf(alias)}`)} END`

const sha256 = (text: string): string => `encode(sha256(convert_to(${text}, 'UTF8')), 'hex')`

/** What is written down when values are taken out of rows; such a row says which, and what is left of them. */
export const REDACTION = 'auditLog.redact'

/**
 * As JSON text, of a row that values were taken out of: which row says so, and the digest of what is left. Of such a
 * saying row: the rows that it names, `[number, hash, digest of what is left]`. Null of all others.
 */
export const redactionOf = (alias: string): string =>
  `CASE WHEN ${alias}.redaction IS NOT NULL OR ${alias}.digest IS NOT NULL
      THEN jsonb_build_object('by', ${alias}.redaction, 'left', ${sha256(`${firstFormat(alias)}::text`)})
    WHEN ${alias}.action = '${REDACTION}' THEN ${alias}.after -> 'entries' END::text`

/** What a row's hash must be. */
export const hashOf = (previous: string, content: string): string =>
  createHash('sha256').update(previous).update(content).digest('hex')

/** What the digest in a row's content must be. */
export const digestIn = (salt: string, values: string): string => hashOf(salt, values)

/** Where a school's chain begins. */
export const genesisOf = (orgId: string): string => createHash('sha256').update(`DriveFlow ${orgId}`).digest('hex')
