import { stringify } from 'csv-stringify/sync'
import { nowOf } from '../../core/context.ts'
import { decimalText, formatMoney } from '../../core/money.ts'
import { may, panelRoles } from '../../core/permissions.ts'
import { dayOf, formatInstant, parseDate, wallTime } from '../../core/time.ts'
import { invalid } from '../../core/errors.ts'
import { instructorBalances } from '../../domain/payouts/instructor-balances.ts'
import { type Statement, type StatementPeriod, statementOf } from '../../domain/payouts/statement.ts'
import { standingOfPayout } from '../../domain/payouts/standing-of-payout.ts'
import type { Endpoint, EndpointCall } from '../endpoints.ts'
import { readRecord } from '../records/records.ts'
import { neutralised } from '../transfer/cells.ts'
import { asFile, send } from '../transfer/download.ts'

/** Who sees what instructors are paid. */
const roles = panelRoles.filter((role) => may(role, 'read', 'Payout') && may(role, 'read', 'LedgerEntry'))

/** What is owed to each instructor, what of it is held, what was paid, and what they owe. */
export const payoutBalances: Endpoint = {
  method: 'GET',
  path: '/payout-balances',
  roles,
  handle: async ({ ctx }) => {
    const balances = await ctx.db.transaction(ctx, (tx) => instructorBalances({ ...ctx, tx }))
    return { balances }
  },
}

/** Why a payout is not paid yet, and where its money is: on the screen of the payout. */
export const payoutStanding: Endpoint = {
  method: 'GET',
  path: '/payout-standing/:id',
  roles,
  handle: async ({ ctx, id, views, admin: { school } }) => {
    await readRecord(ctx, views.get('Payout')!, id(), school)
    const { bank, transferCents, currency, ...standing } = await ctx.db.transaction(ctx, (tx) =>
      standingOfPayout({ ...ctx, tx }, id()),
    )
    return {
      ...standing,
      transfer: formatMoney(transferCents, currency),
      bank: bank && { ...bank, arrivesOn: bank.arrivesOn && dayOf(bank.arrivesOn, 'UTC') },
    }
  },
}

/** An instructor's statement: `?from=2026-11-01&to=2026-11-30`; this month when nothing is said. */
export const instructorStatement: Endpoint = {
  method: 'GET',
  path: '/instructor-statement/:id',
  roles,
  handle: async (call) => {
    const { period, statement, title } = await read(call)
    const { timeZone } = call.admin.school
    const said = (instant: Date | null) => instant && formatInstant(instant, timeZone)
    return {
      instructor: { id: period.instructorId, title },
      from: period.from,
      to: period.to,
      ...statement,
      lines: statement.lines.map((line) => ({ ...line, at: said(line.at), lessonAt: said(line.lessonAt) })),
    }
  },
}

/** The same as a file for a spreadsheet; who took it is in the audit log. */
export const instructorStatementFile: Endpoint = {
  method: 'POST',
  path: '/instructor-statement/:id/file',
  roles,
  handle: async (call) => {
    const { ctx, res, admin } = call
    const { period, statement, title } = await read(call)
    const { from, to, instructorId } = period
    asFile(res, `${admin.school.name} ${title} ${from} to ${to}.csv`)
    await send(res, rowsOf(statement, period, admin.school.timeZone), async ({ rows, sha256, isWhole }) => {
      const details = { from, to, rows, sha256, complete: isWhole }
      const values = [ctx.orgId, ctx.userId, ctx.ip, ctx.requestId, instructorId, JSON.stringify(details)]
      const text = `SELECT audit_event($1::uuid, $2::uuid, 'instructor.statement', $3, $4, 'Instructor', $5, NULL, $6::jsonb)`
      await ctx.db.select(ctx, [{ text, values }])
    })
    return undefined
  },
}

async function read(call: EndpointCall): Promise<{ period: StatementPeriod; statement: Statement; title: string }> {
  const { ctx, id, views, query, admin } = call
  const { title } = await readRecord(ctx, views.get('Instructor')!, id(), admin.school)
  const today = dayOf(nowOf(ctx), admin.school.timeZone)
  const from = dayIn(query.from, 'from') ?? `${today.slice(0, 8)}01`
  const to = dayIn(query.to, 'to') ?? today
  const period = { instructorId: id(), from, to }
  const statement = await ctx.db.transaction(ctx, (tx) => statementOf({ ...ctx, tx }, period))
  return { period, statement, title }
}

function dayIn(text: string | undefined, field: string): string | null {
  if (text === undefined || text === '') return null
  const day = text.length === 10 ? parseDate(text) : null
  if (day === null) throw invalid('Days look like 2026-11-24.', field)
  return day
}

const HEAD = ['Date', 'What', 'About', 'Lesson', 'Reference', 'Amount', 'Balance']

/** The first and last row are the balances, so that the file adds up by itself. */
async function* rowsOf({ lines, ...sums }: Statement, { from, to }: StatementPeriod, timeZone: string) {
  const money = (cents: number) => decimalText(cents, sums.currency)
  const text = (cells: readonly string[], bom = false) =>
    stringify([cells.map(neutralised)], { record_delimiter: 'windows', bom })
  const when = (instant: Date | null) => (instant ? wallTime(instant, timeZone) : '')
  // with the mark spreadsheets take it for UTF-8
  yield { text: text(HEAD, true), rows: 0 }
  yield { text: text([from, 'Opening balance', '', '', '', '', money(sums.openingCents)]), rows: 1 }
  for (const { at, what, about, lessonAt, reference, cents, balanceCents } of lines) {
    const cells = [when(at), what, about ?? '', when(lessonAt), reference ?? '', money(cents), money(balanceCents)]
    yield { text: text(cells), rows: 1 }
  }
  yield { text: text([to, 'Closing balance', '', '', '', '', money(sums.closingCents)]), rows: 1 }
}
