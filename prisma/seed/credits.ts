import type { Catalogue } from './catalogue.ts'
import { post } from './ledger.ts'
import { type Paid, paymentRow, postReceipt, received } from './payments.ts'
import type { Row } from './rows.ts'
import { hoursAfter, type School } from './school.ts'

export interface Credits {
  /** Puts minutes and money of a cancelled lesson back. */
  giveBack(paid: Paid, part: { cents: number; minutes: number; at: Date }): void
}

/** The packages that prepaid lessons were taken from, bought when they were needed. */
export function addCredits(school: School, payments: readonly Paid[], catalogue: Catalogue): Credits {
  const current = new Map<string, Row<'CreditGrant'>>()
  const usedBy = new Map<string, Row<'CreditGrant'>>()
  const prepaid = payments.filter(({ booked }) => booked.method === 'credit')
  for (const paid of prepaid.toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
    const { learner, slot } = paid.booked
    let grant = current.get(learner.id)
    if (!grant || grant.minutesLeft < slot.minutes) {
      grant = buyPackage(school, paid, catalogue)
      current.set(learner.id, grant)
    }
    usedBy.set(paid.id, grant)
    enter(school, grant, { paid, minutes: -slot.minutes, cents: -paid.amountCents, at: paid.at, reason: 'Lesson' })
  }
  addGoodwill(school)
  return {
    giveBack: (paid, { cents, minutes, at }) =>
      enter(school, usedBy.get(paid.id)!, { paid, minutes, cents, at, reason: 'Lesson cancelled' }),
  }
}

function buyPackage(school: School, { booked }: Paid, catalogue: Catalogue): Row<'CreditGrant'> {
  const at = hoursAfter(booked.createdAt, -2)
  const amountCents = school.plan.packageCents
  const id = school.newId(`package-payment/${booked.id}`, at)
  const sum = { id, at, amountCents, method: 'card' as const }
  const payment = school.rows.add('Payment', {
    ...paymentRow(school, sum),
    ...received(school, sum),
    purpose: 'package',
    studentId: booked.learner.id,
  })
  postReceipt(school, payment, at)
  return school.rows.add('CreditGrant', {
    id: school.newId(`grant/${booked.id}`, at),
    orgId: school.id,
    studentId: booked.learner.id,
    packageId: catalogue.package,
    paymentId: id,
    source: 'purchase',
    minutes: 600,
    minutesLeft: 600,
    valueCents: amountCents,
    valueLeft: amountCents,
    expiresAt: hoursAfter(at, 365 * 24),
    createdAt: at,
  })
}

interface Use {
  paid: Paid
  minutes: number
  cents: number
  at: Date
  reason: string
}

function enter(school: School, grant: Row<'CreditGrant'>, { paid, minutes, cents, at, reason }: Use): void {
  grant.minutesLeft += minutes
  grant.valueLeft += cents
  grant.updatedAt = at
  school.rows.add('CreditEntry', {
    id: school.newId(`credit/${paid.id}/${reason}`, at),
    orgId: school.id,
    grantId: grant.id!,
    bookingId: paid.booked.id,
    minutes,
    valueCents: cents,
    reason,
    createdAt: at,
  })
}

/** An hour on the house, after a lesson that the school had to call off twice; the school bears it. */
function addGoodwill(school: School): void {
  const at = school.monday.minus({ weeks: 2 }).plus({ days: 2, hours: 15 }).toJSDate()
  const student = school.rows.of('Student')[9]!
  const valueCents = school.plan.packageCents / 10
  const id = school.newId('grant/goodwill', at)
  school.rows.add('CreditGrant', {
    id,
    orgId: school.id,
    studentId: student.id!,
    source: 'goodwill',
    minutes: 60,
    minutesLeft: 60,
    valueCents,
    valueLeft: valueCents,
    createdAt: at,
    updatedAt: at,
  })
  post(school, {
    kind: 'credit.granted',
    about: { model: 'CreditGrant', id, bookingId: null },
    at,
    lines: [
      { account: 'school_income', cents: valueCents },
      { account: 'learner_credit', cents: -valueCents },
    ],
  })
}
