import { valueLabel } from '../../../core/labels.ts'
import { panelRoles } from '../../../core/permissions.ts'
import { ACTOR_NAME } from '../../records/timeline-query.ts'
import { MOST_COUNTED, MOST_LINES, type Section, plain, said, words } from './section.ts'

const DAY_MS = 86_400_000
/** Somebody who has not signed in for so long may no longer need it. */
const LONG_DAYS = 90
const NEEDS_SECOND_STEP = ['owner', 'finance', 'compliance']

export const access: Section = {
  name: 'access',
  title: 'Who has which role today',
  columns: ['Person', 'E-mail', 'Role', 'State', 'Last sign-in', 'Second step'],
  none: 'Nobody has a role here.',
  query: ({ orgId }) => ({
    text: `SELECT u."fullName", u.email, m.role::text, m.status::text, u."lastLoginAt", s.id IS NOT NULL, u."disabledAt" IS NOT NULL
        FROM "UserOrg" m JOIN "User" u ON u.id = m."userId"
        LEFT JOIN auth.members_with_second_factor() AS s(id) ON s.id = u.id
       WHERE m."orgId" = $1::uuid AND m.role = ANY ($2::"OrgRole"[]) ORDER BY m.role, u."fullName", m.id LIMIT ${MOST_LINES + 1}`,
    values: [orgId, panelRoles],
  }),
  line: (row, month) => {
    const [name, email, role, status, seen, second, disabled] = row as [
      string,
      string,
      string,
      string,
      Date,
      boolean,
      boolean,
    ]
    const mark = markOf({ role, status, seen, second, disabled }, month.until)
    const state = disabled ? 'Disabled' : valueLabel(status)
    return {
      cells: [name, email, valueLabel(role), state, said(seen, month), second ? 'Yes' : 'No'],
      mark,
      request: null,
    }
  },
}

interface Member {
  readonly role: string
  readonly status: string
  readonly seen: Date | null
  readonly second: boolean
  readonly disabled: boolean
}

function markOf({ role, status, seen, second, disabled }: Member, until: Date): string | null {
  if (status !== 'active' || disabled) return null
  if (!seen) return 'Has never signed in.'
  if (until.getTime() - seen.getTime() > LONG_DAYS * DAY_MS) return `Has not signed in for ${LONG_DAYS} days.`
  return !second && NEEDS_SECOND_STEP.includes(role) ? 'Has no second step, and a role that needs one.' : null
}

export const roleChanges: Section = {
  name: 'roles',
  title: 'Roles given, changed and taken away',
  columns: ['When', 'Who', 'Person', 'Change', 'Reason'],
  none: 'No role has changed.',
  query: ({ orgId, from, until }) => ({
    text: `SELECT t."createdAt", ${ACTOR_NAME}, p."fullName", t.action, t.before ->> 'role', t.after ->> 'role', t.before ->> 'status',
             t.after ->> 'status', t.reason, t."requestId"
        FROM (SELECT * FROM "AuditLog" t WHERE t."orgId" = $1::uuid AND t."entityType" = 'UserOrg' AND t."createdAt" >= $2 AND t."createdAt" < $3
               ORDER BY t."createdAt" DESC, t.id DESC LIMIT ${MOST_LINES + 1}) t
        LEFT JOIN "User" u ON u.id = t."actorUserId"
        LEFT JOIN "UserOrg" m ON m.id = t."entityId"::uuid
        LEFT JOIN "User" p ON p.id = coalesce(m."userId", (t.before ->> 'userId')::uuid)
       ORDER BY t."createdAt" DESC, t.id DESC`,
    values: [orgId, from, until],
  }),
  line: (row, month) => {
    const [at, who, person, action, hadRole, hasRole, was, is, reason, request] = row as [Date, ...(string | null)[]]
    const change =
      action === 'userOrg.create'
        ? `${valueLabel(hasRole ?? '')} from now on`
        : action === 'userOrg.delete'
          ? `${valueLabel(hadRole ?? '')} no more`
          : [moved(hadRole, hasRole), moved(was, is)].filter(Boolean).join(', ')
    return plain(
      [said(at, month), words(who ?? 'The system'), words(person), change || words(action), words(reason)],
      request ?? null,
    )
  },
}

const moved = (from: string | null | undefined, to: string | null | undefined): string =>
  from && to ? `${valueLabel(from)} → ${valueLabel(to)}` : ''

const WAYS_IN: Readonly<Record<string, string>> = {
  'membership.invite': 'Invited',
  'user.invitationAccepted': 'Accepted an invitation',
  'user.passwordReset': 'Set a new password by e-mail',
  'user.secondFactorReset': 'Second step was reset',
}

export const waysIn: Section = {
  name: 'invitations',
  title: 'Invitations and new ways in',
  columns: ['When', 'Who', 'What', 'Whom'],
  none: 'Nobody was invited.',
  query: ({ orgId, from, until }) => ({
    text: `SELECT t."createdAt", ${ACTOR_NAME}, t.action, coalesce(t.after -> 'input' ->> 'email', p.email), t."requestId"
        FROM (SELECT * FROM "AuditLog" t WHERE t."orgId" = $1::uuid AND t.action = ANY ($4) AND t."createdAt" >= $2 AND t."createdAt" < $3
               ORDER BY t."createdAt" DESC, t.id DESC LIMIT ${MOST_LINES + 1}) t
        LEFT JOIN "User" u ON u.id = t."actorUserId" LEFT JOIN "User" p ON p.id = t."entityId"::uuid
       ORDER BY t."createdAt" DESC, t.id DESC`,
    values: [orgId, from, until, Object.keys(WAYS_IN)],
  }),
  line: (row, month) => {
    const [at, who, action, whom, request] = row as [Date, ...(string | null)[]]
    return plain(
      [said(at, month), words(who ?? 'The system'), WAYS_IN[action!] ?? words(action), words(whom)],
      request ?? null,
    )
  },
}

export const refusedSignIns: Section = {
  name: 'refused',
  title: 'Refused at sign-in',
  columns: ['Person', 'Wrong passwords', 'Wrong codes', 'Addresses', 'Last'],
  none: 'Nobody was refused.',
  query: ({ orgId, from, until }) => ({
    text: `SELECT p."fullName", count(*) FILTER (WHERE t.action = 'user.signInRefused')::int, count(*) FILTER (WHERE t.action <> 'user.signInRefused')::int,
             count(DISTINCT t.ip)::int, max(t."createdAt")
        FROM (SELECT * FROM "AuditLog" t WHERE t."orgId" = $1::uuid AND t.action = ANY ($4) AND t."createdAt" >= $2 AND t."createdAt" < $3
               LIMIT ${MOST_COUNTED}) t
        LEFT JOIN "User" p ON p.id = t."entityId"::uuid
       GROUP BY t."entityId", p."fullName" ORDER BY count(*) DESC, 1 LIMIT ${MOST_LINES + 1}`,
    values: [orgId, from, until, ['user.signInRefused', 'user.secondFactorRefused']],
  }),
  line: (row, month) => {
    const [name, passwords, codes, addresses, last] = row as [string | null, number, number, number, Date]
    const mark = passwords + codes >= 20 ? 'Refused again and again.' : null
    const cells = [words(name), String(passwords), String(codes), String(addresses), said(last, month)]
    return { cells, mark, request: null }
  },
}
