import { nowOf } from '../../core/context.ts'
import { conflict } from '../../core/errors.ts'
import { formatMoney } from '../../core/money.ts'
import { panelRoles } from '../../core/permissions.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import type { Person, RowsAbout } from './rows-about.ts'

/** What is not over yet keeps a person in the books. @throws AppError Conflict with every reason at once */
export async function refuseOpenBusiness(
  work: UnitOfWork,
  { person, rows, name }: { person: Person; rows: RowsAbout; name: string },
): Promise<void> {
  const reasons: string[] = []
  for (const { model, id } of person) reasons.push(...(await asked[model](work, id)))
  const ids = [...rows.values()].flat()
  const waiting = await work.tx.actionRun.count({
    where: {
      orgId: work.orgId,
      recordId: { in: ids },
      status: { in: ['waiting', 'queued'] },
      action: { not: { endsWith: '.anonymise' } },
    },
  })
  if (waiting > 0) reasons.push(`${one(waiting, 'thing waits', 'things wait')} for somebody's approval`)
  if (reasons.length > 0)
    throw conflict(`${name} cannot be anonymised yet: ${reasons.join('; ')}. Settle that first, then ask again.`)
}

const one = (count: number, single: string, several: string): string =>
  count === 1 ? `one ${single}` : `${count} ${several}`
const some = (count: number, single: string, several: string): string[] =>
  count === 0 ? [] : [one(count, single, several)]

type Ask = (work: UnitOfWork, id: string) => Promise<string[]>

const asked: Record<Person[number]['model'], Ask> = {
  Student: async (work, id) => {
    const { orgId, tx } = work
    const isTheirs = { orgId, payment: { studentId: id } }
    const ahead = await lessonsAhead(work, { studentId: id })
    const unpaid = await tx.payment.count({
      where: { orgId, studentId: id, status: { in: ['intent_created', 'requires_action', 'processing'] } },
    })
    const refunds = await tx.refund.count({
      where: { ...isTheirs, status: { in: ['pending_approval', 'approved', 'submitting', 'unknown', 'pending'] } },
    })
    const disputes = await tx.dispute.count({
      where: { ...isTheirs, status: { in: ['warning', 'needs_response', 'under_review'] } },
    })
    return [
      ...some(ahead, 'lesson is not over', 'lessons are not over'),
      ...some(unpaid, 'payment is open', 'payments are open'),
      ...some(refunds, 'refund is open', 'refunds are open'),
      ...some(disputes, 'dispute is open', 'disputes are open'),
      ...(await creditLeft(work, id)),
    ]
  },
  Instructor: async (work, id) => {
    const ahead = await lessonsAhead(work, { instructorId: id })
    const payouts = await work.tx.payout.count({
      where: {
        orgId: work.orgId,
        instructorId: id,
        status: { in: ['pending', 'held', 'batched', 'submitting', 'unknown', 'failed'] },
      },
    })
    return [
      ...some(ahead, 'lesson is not over', 'lessons are not over'),
      ...some(payouts, 'payout is open', 'payouts are open'),
    ]
  },
  Guardian: async (work, id) => {
    const ahead = await lessonsAhead(work, { student: { guardians: { some: { guardianId: id } } } })
    return some(
      ahead,
      'lesson of a learner they answer for is not over',
      'lessons of learners they answer for are not over',
    )
  },
  User: async ({ orgId, tx }, id) => {
    const roles = await tx.userOrg.count({
      where: { orgId, userId: id, status: 'active', role: { in: [...panelRoles] } },
    })
    return roles > 0 ? ['they still work here: suspend the membership'] : []
  },
}

async function lessonsAhead(work: UnitOfWork, whose: object): Promise<number> {
  return await work.tx.booking.count({
    where: {
      ...whose,
      orgId: work.orgId,
      OR: [{ endAt: { gt: nowOf(work) } }, { status: 'in_progress' }],
      status: { notIn: ['cancelled', 'no_show', 'completed'] },
    },
  })
}

async function creditLeft(work: UnitOfWork, studentId: string): Promise<string[]> {
  const { orgId, tx } = work
  const grants = await tx.creditGrant.findMany({
    where: { orgId, studentId, valueLeft: { gt: 0 }, OR: [{ expiresAt: null }, { expiresAt: { gt: nowOf(work) } }] },
    select: { valueLeft: true },
  })
  if (grants.length === 0) return []
  const { currency } = await tx.org.findFirstOrThrow({ where: { id: orgId }, select: { currency: true } })
  const left = grants.reduce((sum, { valueLeft }) => sum + valueLeft, 0)
  return [`credit of ${formatMoney(left, currency)} is left`]
}
