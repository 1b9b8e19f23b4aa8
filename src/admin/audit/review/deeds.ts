import { valueLabel } from '../../../core/labels.ts'
import { models } from '../../../core/schema.ts'
import { ACTOR_NAME } from '../../records/timeline-query.ts'
import { machineName } from '../../records/timeline.ts'
import { MOST_COUNTED, MOST_LINES, type Section, plain, said, words } from './section.ts'

/** What a reason says that the audit trigger itself wrote: no exception of anybody. */
const UNRECORDED = 'changed, value not recorded:%'

export const overrides: Section = {
  name: 'overrides',
  title: 'Rules that were set aside',
  columns: ['When', 'Who', 'Role', 'What', 'Records', 'Reason'],
  none: 'No rule was set aside.',
  // one exception touches several rows of one request
  query: ({ orgId, from, until }) => ({
    text: `SELECT max(t."createdAt") AS at, max(${ACTOR_NAME}), max(t."actorRole"), max(t."actorKind"::text),
             (array_agg(t.action ORDER BY t.seq))[1], count(*)::int, t.reason, t."requestId", bool_or(t."actorUserId" IS NULL)
        FROM (SELECT * FROM "AuditLog" t WHERE t."orgId" = $1::uuid AND t.reason IS NOT NULL AND t."createdAt" >= $2 AND t."createdAt" < $3
                 AND t.reason NOT LIKE '${UNRECORDED}' AND t.action ~ '[.](create|update|delete)$'
               ORDER BY t."createdAt" DESC, t.id DESC LIMIT ${MOST_COUNTED}) t
        LEFT JOIN "User" u ON u.id = t."actorUserId"
       GROUP BY t."requestId", t.reason ORDER BY at DESC LIMIT ${MOST_LINES + 1}`,
    values: [orgId, from, until],
  }),
  line: (row, month) => {
    const [at, who, role, kind, action, records, reason, request, isNobody] = row as [
      Date,
      string | null,
      string | null,
      string,
      string,
      number,
      string,
      string | null,
      boolean,
    ]
    const cells = [
      said(at, month),
      who ?? machineName(kind),
      role ? valueLabel(role) : '–',
      inWords(action),
      String(records),
      reason,
    ]
    return { cells, mark: isNobody && kind === 'user' ? 'Nobody stands behind it.' : null, request }
  },
}

export const platformAccesses: Section = {
  name: 'platform',
  title: 'People of the platform who were inside',
  columns: ['From', 'Until', 'Who', 'Why', 'Ended early'],
  none: 'Nobody of the platform was inside.',
  query: ({ orgId, from, until }) => ({
    text: `SELECT a."startedAt", coalesce(a."endedAt", a."endsAt"), a."operatorName", a.reason, a."endedAt" IS NOT NULL FROM "OperatorAccess" a
       WHERE a."orgId" = $1::uuid AND a."startedAt" >= $2 AND a."startedAt" < $3
       ORDER BY a."startedAt" DESC, a.id DESC LIMIT ${MOST_LINES + 1}`,
    values: [orgId, from, until],
  }),
  line: (row, month) => {
    const [from, until, who, reason, early] = row as [Date, Date, string, string, boolean]
    return plain([said(from, month), said(until, month), who, reason, early ? 'Yes' : 'No'])
  },
}

const EXPORTS = [
  ...[...models.keys()].map((name) => `${name.charAt(0).toLowerCase()}${name.slice(1)}.export`),
  'person.export',
  'lesson.register',
  'org.exportGst',
  'dispute.takeEvidence',
  'instructor.statement',
]

export const exports: Section = {
  name: 'exports',
  title: 'What was taken as a file',
  columns: ['When', 'Who', 'What', 'Rows'],
  none: 'Nothing was exported.',
  query: ({ orgId, from, until }) => ({
    text: `SELECT t."createdAt", ${ACTOR_NAME}, t.action, t.after ->> 'rows', t."requestId"
        FROM (SELECT * FROM "AuditLog" t WHERE t."orgId" = $1::uuid AND t.action = ANY ($4) AND t."createdAt" >= $2 AND t."createdAt" < $3
               ORDER BY t."createdAt" DESC, t.id DESC LIMIT ${MOST_LINES + 1}) t
        LEFT JOIN "User" u ON u.id = t."actorUserId" ORDER BY t."createdAt" DESC, t.id DESC`,
    values: [orgId, from, until, EXPORTS],
  }),
  line: (row, month) => {
    const [at, who, action, rows, request] = row as [Date, ...(string | null)[]]
    return plain([said(at, month), words(who), inWords(action!), words(rows)], request ?? null)
  },
}

export const looked: Section = {
  name: 'looked',
  title: 'Personal data that was looked at',
  columns: ['Who', 'Of', 'Records opened', 'Lists read', 'Drives drawn'],
  none: 'Nobody has looked at personal data.',
  query: ({ orgId, from, until }) => ({
    text: `SELECT ${ACTOR_NAME} AS who, t."entityType", count(DISTINCT t."entityId") FILTER (WHERE t."entityId" <> '-' AND t.action <> 'lesson.viewTrip')::int,
             count(*) FILTER (WHERE t."entityId" = '-')::int, count(*) FILTER (WHERE t.action = 'lesson.viewTrip')::int
        FROM (SELECT * FROM "AuditLog" t WHERE t."orgId" = $1::uuid AND t.action = ANY ($4) AND t."createdAt" >= $2 AND t."createdAt" < $3
               LIMIT ${MOST_COUNTED}) t
        LEFT JOIN "User" u ON u.id = t."actorUserId"
       GROUP BY who, t."entityType" ORDER BY 3 DESC, 1, 2 LIMIT ${MOST_LINES + 1}`,
    values: [orgId, from, until, ['personal-data.viewed', 'lesson.viewTrip']],
  }),
  line: (row) => {
    const [who, model, records, lists, drives] = row as [string | null, string, number, number, number]
    return plain([words(who), inWords(model), String(records), String(lists), String(drives)])
  },
}

export const denied: Section = {
  name: 'denied',
  title: 'What was refused to people who were signed in',
  columns: ['Who', 'Times', 'Last'],
  none: 'Nobody tried what they may not.',
  query: ({ orgId, from, until }) => ({
    text: `SELECT ${ACTOR_NAME} AS who, count(*)::int, max(t."createdAt")
        FROM (SELECT * FROM "AuditLog" t WHERE t."orgId" = $1::uuid AND t.action = 'access.denied' AND t."createdAt" >= $2 AND t."createdAt" < $3
               LIMIT ${MOST_COUNTED}) t
        LEFT JOIN "User" u ON u.id = t."actorUserId" GROUP BY who ORDER BY 2 DESC, 1 LIMIT ${MOST_LINES + 1}`,
    values: [orgId, from, until],
  }),
  line: (row, month) => {
    const [who, times, last] = row as [string | null, number, Date]
    return plain([words(who), String(times), said(last, month)])
  },
}

/** "booking.update" → "Booking update". */
const inWords = (name: string): string =>
  valueLabel(
    name
      .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
      .replaceAll(/[.-]/g, '_')
      .toLowerCase(),
  )
