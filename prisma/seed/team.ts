import type { CredentialKind, OrgRole } from '@prisma/client'
import { mailbox } from './names.ts'
import { dateOf, minutesAfter, type School, userId } from './school.ts'
import type { InstructorPlan } from './schools.ts'
import { isAbn } from '../../src/core/formats.ts'

/** The user behind each role of the back office. */
export type Staff = Readonly<Record<Exclude<OrgRole, 'instructor' | 'student'>, string>>

export interface Instructor {
  readonly id: string
  readonly userId: string
  readonly name: string
  readonly email: string
  readonly phone: string
  readonly index: number
  readonly plan: InstructorPlan
  readonly gstRegistered: boolean
}

/** Who works in the office, one membership per role. A person of two roles or two schools is one user. */
export function addStaff(school: School): Staff {
  const roles = Object.entries(school.plan.staff) as [keyof Staff, string][]
  return Object.fromEntries(roles.map(([role, name]) => [role, addMember(school, name, { role })])) as unknown as Staff
}

/** A user with a role in the school; returns the user's id. */
export function addMember(school: School, name: string, as: { role: OrgRole; phone?: string }): string {
  const email = mailbox(name)
  const id = userId(email)
  const joined = school.now.minus({ weeks: 60 }).toJSDate()
  if (!school.rows.of('User').some((user) => user.id === id)) {
    school.rows.add('User', { id, email, fullName: name, phone: as.phone ?? school.nextPhone(), createdAt: joined })
  }
  school.rows.add('UserOrg', {
    id: school.newId(`member/${email}/${as.role}`, joined),
    orgId: school.id,
    userId: id,
    role: as.role,
    createdAt: joined,
  })
  return id
}

export function addInstructors(school: School): Instructor[] {
  return school.plan.instructors.map((plan, index) => {
    const instructor = addInstructor(school, plan, index)
    addCredentials(school, instructor)
    return instructor
  })
}

function addInstructor(school: School, plan: InstructorPlan, index: number): Instructor {
  const joined = school.monday
    .minus({ weeks: plan.joinedWeeksAgo ?? 50 - index * 2 })
    .set({ hour: 9 })
    .toJSDate()
  const phone = school.nextPhone()
  const id = school.newId(`instructor/${plan.name}`, joined)
  const onboarded = plan.onboarded !== false
  const row = school.rows.add('Instructor', {
    id,
    orgId: school.id,
    userId: addMember(school, plan.name, { role: 'instructor', phone }),
    displayName: plan.name,
    phone,
    licenseId: `${school.plan.state}-DI-${school.random(id).between(10_000, 99_999)}`,
    abn: abnFrom(school.random(`abn/${id}`).between(100_000_000, 999_999_900)),
    gstRegistered: index % 3 === 0,
    teachesAutomatic: plan.gearbox !== 'manual',
    teachesManual: plan.gearbox !== 'automatic',
    stripeAccountId: onboarded ? school.stripeId('acct', id) : null,
    stripeOnboardingStatus: onboarded ? 'complete' : 'pending',
    stripeCapabilities: onboarded ? { transfers: 'active' } : { transfers: 'inactive' },
    stripeRequirementsDue: onboarded ? [] : ['individual.verification.document', 'external_account'],
    stripeConnectedAt: onboarded ? joined : null,
    active: true,
    createdAt: joined,
  })
  const email = mailbox(plan.name)
  return { id, userId: row.userId!, name: plan.name, email, phone, index, plan, gstRegistered: index % 3 === 0 }
}

const papers: readonly CredentialKind[] = ['instructor_licence', 'driver_licence', 'working_with_children', 'medical']

/** Minutes before the demo's now at which compliance filed the school's papers: what is booked was booked without them. */
const FILED_MINUTES_AGO = 3

/** Valid papers for all, except in the places that compliance has to look at. */
function addCredentials(school: School, instructor: Instructor): void {
  for (const [n, kind] of papers.entries()) {
    const days = daysLeft(instructor.index, kind) ?? school.random(`paper/${instructor.id}/${kind}`).between(90, 900)
    const expires = school.monday.plus({ days })
    const issued = expires.minus({ years: 3 })
    const filedAt = school.minutesAgo(FILED_MINUTES_AGO)
    const checkedAt = minutesAfter(filedAt, 1)
    const pending = instructor.plan.onboarded === false && kind === 'working_with_children'
    school.rows.add('InstructorCredential', {
      id: school.newId(`paper/${instructor.name}/${kind}`, issued.toJSDate()),
      orgId: school.id,
      instructorId: instructor.id,
      kind,
      number: `${kind.slice(0, 2).toUpperCase()}${10_000 + instructor.index * 37 + n * 1009}`,
      jurisdiction: school.plan.state,
      issuedOn: dateOf(issued),
      expiresOn: dateOf(expires),
      status: pending ? 'pending' : 'verified',
      verifiedById: pending ? null : userId(mailbox(school.plan.staff.compliance)),
      verifiedAt: pending ? null : checkedAt,
      createdAt: filedAt,
      updatedAt: pending ? filedAt : checkedAt,
    })
  }
}

/** One paper has lapsed, one lapses within a week, one within a month. */
function daysLeft(instructor: number, kind: CredentialKind): number | undefined {
  if (kind === 'medical' && instructor === 1) return -9
  if (kind === 'working_with_children' && instructor === 0) return 6
  return kind === 'instructor_licence' && instructor === 3 ? 26 : undefined
}

/** The next number that adds up like an ABN; it begins like none that is given out. */
function abnFrom(number: number): string {
  const digits = String(number).padStart(11, '0')
  return isAbn(digits) ? digits : abnFrom(number + 1)
}
