import { createHash } from 'node:crypto'
import type { Context } from '../../../core/context.ts'
import { invalid } from '../../../core/errors.ts'
import { dayBounds, dayOf, formatInstant } from '../../../core/time.ts'
import type { School } from '../../records/selection.ts'
import { ACTOR_NAME } from '../../records/timeline-query.ts'
import { neutralised } from '../../transfer/cells.ts'
import { BYTE_ORDER_MARK, csvLines } from '../../transfer/export-list.ts'
import { denied, exports, looked, overrides, platformAccesses } from './deeds.ts'
import { access, refusedSignIns, roleChanges, waysIn } from './people.ts'
import { type Line, MOST_LINES, type Month, type Section } from './section.ts'

/** What is looked at once a month, in this order. */
export const sections: readonly Section[] = [
  access,
  roleChanges,
  waysIn,
  refusedSignIns,
  overrides,
  platformAccesses,
  exports,
  looked,
  denied,
]

export interface Answered {
  readonly name: string
  readonly title: string
  readonly columns: readonly string[]
  readonly none: string
  readonly lines: readonly Line[]
  /** There are more than are shown. */
  readonly more: boolean
}

export interface Review {
  readonly month: string
  readonly sections: readonly Answered[]
  /** Who has confirmed that they looked, the last first. */
  readonly reviewed: readonly { readonly who: string; readonly at: string; readonly note: string | null }[]
  /** The month is not over yet. */
  readonly isRunning: boolean
}

/**
 * The month that `2026-11` is in the school's zone; the one before this when nothing is said.
 * @throws AppError Invalid when it is none, or has not begun
 */
export function monthOf(
  typed: string | undefined,
  { id: orgId, timeZone }: School & { id: string },
): Month & { name: string } {
  const today = dayOf(new Date(), timeZone)
  const name = typed || monthAfter(today.slice(0, 7), -1)
  if (!/^20\d\d-(0[1-9]|1[0-2])$/.test(name)) throw invalid('Write the month like 2026-11.', 'month')
  if (name > today.slice(0, 7)) throw invalid('This month has not begun.', 'month')
  const [from] = dayBounds(`${name}-01`, timeZone)
  const [until] = dayBounds(`${monthAfter(name, 1)}-01`, timeZone)
  return { name, orgId, timeZone, from, until }
}

function monthAfter(name: string, months: number): string {
  const [year, month] = name.split('-').map(Number) as [number, number]
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 7)
}

/** All sections in the time of one round trip where connections are free. */
export async function readReview(ctx: Context, month: Month & { name: string }): Promise<Review> {
  const [reviewed, ...answers] = await ctx.db.select(ctx, [
    {
      text: `SELECT ${ACTOR_NAME}, t."createdAt", t.reason FROM "AuditLog" t LEFT JOIN "User" u ON u.id = t."actorUserId"
        WHERE t."orgId" = $1::uuid AND t."entityType" = 'AuditLog' AND t."entityId" = $2 AND t.action = '${REVIEWED}'
        ORDER BY t."createdAt" DESC, t.id DESC LIMIT 20`,
      values: [ctx.orgId, month.name],
    },
    ...sections.map((section) => section.query(month)),
  ])
  return {
    month: month.name,
    isRunning: month.until > new Date(),
    reviewed: reviewed!.map(([who, at, note]) => ({
      who: (who as string | null) ?? 'Somebody',
      at: formatInstant(at as Date, month.timeZone),
      note: note as string | null,
    })),
    sections: sections.map((section, index) => {
      const rows = answers[index]!
      const { name, title, columns, none } = section
      const lines = rows.slice(0, MOST_LINES).map((row) => section.line(row, month))
      return { name, title, columns, none, lines, more: rows.length > MOST_LINES }
    }),
  }
}

export const REVIEWED = 'access-review.confirmed'

/** The review as a file for a spreadsheet. */
export function reviewTable({ sections: answered }: Review): string {
  const rows = answered.flatMap(({ title, columns, lines, more }) => [
    [title],
    [...columns, 'To look at', 'Request'],
    ...lines.map(({ cells, mark, request }) => [...cells, mark ?? '', request ?? '']),
    ...(more ? [['There are more than are listed here.']] : []),
    [''],
  ])
  return BYTE_ORDER_MARK + csvLines(rows.map((row) => row.map(neutralised)))
}

export const fingerprintOf = (text: string): string => createHash('sha256').update(text).digest('hex')
