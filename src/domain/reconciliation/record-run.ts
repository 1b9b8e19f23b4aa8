import { nowOf } from '../../core/context.ts'
import { modelLabel, valueLabel } from '../../core/labels.ts'
import { formatMoney } from '../../core/money.ts'
import { dayOf } from '../../core/time.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { differenceOf, netOf, type Sum } from './compare.ts'
import type { Row } from './ledger-side.ts'

/** One object, as both sides have it. */
export interface Compared {
  /** Its id at Stripe, or of our row where Stripe has none. */
  readonly subject: string
  readonly row: Row | null
  readonly stripe: Sum | null
  readonly ledger: Sum | null
  readonly at: Date
  /** Older than the time that is covered: looked at again because of an exception that is open. */
  readonly isAgain: boolean
}

interface Covered {
  readonly from: Date
  readonly until: Date
  readonly timeZone: string
  readonly compared: readonly Compared[]
}

/**
 * Writes down how Stripe's balance and the books compare. A gap that is known stays one exception; one that has closed by
 * itself is marked as gone, one that was explained stays explained as long as its figures do. Nothing else changes.
 */
export async function recordRun(work: UnitOfWork, { from, until, timeZone, compared }: Covered): Promise<void> {
  const { orgId, tx, userId } = work
  const findings = compared.flatMap((one) => findingOf(one, timeZone))
  await keep(work, findings, compared)
  const counted = compared.filter(({ isAgain }) => !isAgain)
  const sum = (side: 'stripe' | 'ledger') => counted.reduce((cents, one) => cents + netOf(one[side]), 0)
  await tx.reconciliationRun.create({
    data: {
      orgId,
      startedById: userId,
      coversFrom: from,
      coversUntil: until,
      movements: counted.length,
      exceptions: await tx.reconciliationException.count({
        where: {
          orgId,
          status: 'open',
        },
      }),
      stripeCents: sum('stripe'),
      ledgerCents: sum('ledger'),
      days: daysOf(counted, timeZone),
      createdAt: nowOf(work),
    },
  })
}

export type Finding = ReturnType<typeof findingOf>[number]

/** What is to be explained about an object, if anything. @param timeZone in which its day is told */
export function findingOf({ subject, row, stripe, ledger, at }: Compared, timeZone: string) {
  const kind = differenceOf(stripe, ledger)
  if (!kind) return []
  return [
    {
      kind,
      subject,
      day: new Date(dayOf(at, timeZone)),
      description: sentence({ subject, row, stripe, ledger }),
      refType: row?.refType ?? null,
      refId: row?.refId ?? null,
      currency: (stripe ?? ledger)!.currency,
      stripeCents: stripe?.cents ?? null,
      ledgerCents: ledger?.cents ?? null,
      stripeFeeCents: stripe?.feeCents ?? null,
      ledgerFeeCents: ledger?.feeCents ?? null,
      differenceCents: netOf(stripe) - netOf(ledger),
    },
  ]
}

function sentence({ subject, row, stripe, ledger }: Pick<Compared, 'subject' | 'row' | 'stripe' | 'ledger'>): string {
  const what = row ? modelLabel(row.refType) : `${valueLabel(subject.split('_')[0] ?? '')} that no record knows`
  if (stripe && ledger && stripe.cents === ledger.cents)
    return `${what}: the fee at Stripe is ${said(stripe, 'feeCents')}, in the books ${said(ledger, 'feeCents')}`
  return `${what}: at Stripe ${said(stripe, 'cents')}, in the books ${said(ledger, 'cents')}`
}

const said = (sum: Sum | null, what: 'cents' | 'feeCents'): string =>
  sum ? formatMoney(sum[what], sum.currency) : 'nothing'

async function keep(work: UnitOfWork, findings: readonly Finding[], compared: readonly Compared[]): Promise<void> {
  const { orgId, tx } = work
  const seen = { lastSeenAt: nowOf(work) }
  const still: string[] = []
  for (const finding of findings) {
    const { kind, subject, stripeCents, ledgerCents, stripeFeeCents, ledgerFeeCents } = finding
    const figures = { kind, subject, stripeCents, ledgerCents, stripeFeeCents, ledgerFeeCents }
    // two runs at once find the same: the second finds it written
    await tx.reconciliationException.createMany({
      data: [{ ...finding, orgId, createdAt: nowOf(work), ...seen }],
      skipDuplicates: true,
    })
    const known = await tx.reconciliationException.findFirstOrThrow({ where: { orgId, ...figures } })
    still.push(known.id)
    const status = known.status === 'explained' ? 'explained' : 'open'
    await tx.reconciliationException.updateMany({ where: { id: known.id, orgId }, data: { ...seen, status } })
  }
  const subjects = compared.map(({ subject }) => subject)
  // a row that Stripe did not know has a name there by now
  const rows = compared.flatMap(({ row }) => (row ? [row.refId] : []))
  await tx.reconciliationException.updateMany({
    where: {
      orgId,
      status: 'open',
      id: { notIn: still },
      OR: [{ subject: { in: subjects } }, { refId: { in: rows } }],
    },
    data: { status: 'gone', ...seen },
  })
}

interface Day {
  readonly day: string
  movements: number
  stripeCents: number
  ledgerCents: number
}

function daysOf(compared: readonly Compared[], timeZone: string): object[] {
  const days = new Map<string, Day>()
  for (const { at, stripe, ledger } of compared) {
    const day = dayOf(at, timeZone)
    const sums = days.get(day) ?? { day, movements: 0, stripeCents: 0, ledgerCents: 0 }
    sums.movements += 1
    sums.stripeCents += netOf(stripe)
    sums.ledgerCents += netOf(ledger)
    days.set(day, sums)
  }
  return [...days.values()].toSorted((one, other) => one.day.localeCompare(other.day)).map((day) => ({ ...day }))
}
