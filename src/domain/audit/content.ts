import { createHash } from 'node:crypto'

/**
 * An audit row as it is hashed: canonical jsonb, times as microseconds since 1970. PostgreSQL's function `audit.content`
 * says the same; whoever checks does not ask it, because it could have been replaced.
 * @param alias of AuditLog in the statement
 */
export const contentOf = (alias: string): string => {
  const columns = ['id', 'orgId', 'number', 'seq', 'tx', '', 'actorUserId', 'actorKind', 'actorRole', 'action']
  const rest = ['entityType', 'entityId', 'before', 'after', 'reason', 'requestId', 'ip']
  const time = `(extract(epoch FROM ${alias}."createdAt") * 1000000)::bigint`
  return `jsonb_build_array(${[...columns, ...rest].map((name) => (name ? `${alias}."${name}"` : time)).join(', ')})::text`
}

/** What a row's hash must be. */
export const hashOf = (previous: string, content: string): string =>
  createHash('sha256').update(previous).update(content).digest('hex')

/** Where a school's chain begins. */
export const genesisOf = (orgId: string): string => createHash('sha256').update(`DriveFlow ${orgId}`).digest('hex')
