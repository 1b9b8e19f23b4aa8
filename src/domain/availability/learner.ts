import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { nowOf } from '../../core/context.ts'
import type { Scalars } from '../../core/declaration.ts'
import type { WayOut } from '../../core/errors.ts'
import { dayOf, formatDay } from '../../core/time.ts'
import { type Obstacle, hard, soft } from './obstacle.ts'

const ADULT = 18

type Licence = Scalars<'LicenseCompatibilityMatrix'>

/** What decides whether a learner may take a lesson, read once; the day is asked for afterwards. */
export interface LearnerFacts {
  readonly student: Scalars<'Student'>
  readonly service: Scalars<'Service'>
  /** What the school's matrix says of this licence and this kind of lesson; null when it says nothing. */
  readonly licence: Licence | null
  /** The latest word of a guardian: given, not withdrawn since. */
  readonly consent: { readonly expiresAt: Date | null } | null
}

export async function learnerFacts(
  work: UnitOfWork,
  student: Scalars<'Student'>,
  service: Scalars<'Service'>,
): Promise<LearnerFacts> {
  const { orgId } = work
  const licence = await work.tx.licenseCompatibilityMatrix.findFirst({
    where: {
      orgId,
      isActive: true,
      studentLicenseType: student.licenceType ?? 'learner',
      lessonType: service.lessonType,
    },
  })
  const latest = await work.tx.consent.findFirst({
    where: { orgId, studentId: student.id, kind: 'minor_lessons', effectiveAt: { lte: nowOf(work) } },
    orderBy: [{ effectiveAt: 'desc' }, { id: 'desc' }],
    select: { granted: true, expiresAt: true },
  })
  return { student, service, licence, consent: latest?.granted ? latest : null }
}

/** What stands against this learner in this lesson: licence, permit, age, consent (domain.md, Booking rules). */
export function learnerObstacles(facts: LearnerFacts, startAt: Date, timeZone: string): Obstacle[] {
  const { student } = facts
  const day = dayOf(startAt, timeZone)
  const age = student.dob ? ageOn(student.dob, day) : null
  const found: Obstacle[] = []
  if (student.archivedAt)
    found.push(hard('student.archived', 'studentId', `${student.fullName} is archived. Restore them first.`))
  found.push(...aboutLicence(facts, age), ...aboutConsent(facts, age, startAt))
  if (student.permitExpiresOn && isoDay(student.permitExpiresOn) < day)
    found.push(
      soft(
        'licence.expired',
        'studentId',
        `${student.fullName}'s permit expires on ${formatDay(isoDay(student.permitExpiresOn))}. Renew it first.`,
      ),
    )
  return found
}

function aboutLicence({ student, service, licence }: LearnerFacts, age: number | null): Obstacle[] {
  if (!licence) return []
  const { isCompatible, minStudentAge, maxStudentAge, minLessonDuration, maxLessonDuration } = licence
  const name = student.fullName
  const found: Obstacle[] = []
  const refuse = (rule: string, field: string, sentence: string) => found.push(soft(rule, field, sentence))
  if (!isCompatible)
    refuse(
      'licence.lesson',
      'serviceId',
      `${name}'s licence does not allow this kind of lesson. Choose another service.`,
    )
  if (minStudentAge !== null && age !== null && age < minStudentAge)
    refuse('licence.age', 'studentId', `${name} is ${age}; this lesson is from ${minStudentAge} years.`)
  if (maxStudentAge !== null && age !== null && age > maxStudentAge)
    refuse('licence.age', 'studentId', `${name} is ${age}; this lesson is up to ${maxStudentAge} years.`)
  const tooShort = minLessonDuration !== null && service.durationMin < minLessonDuration
  if (tooShort || (maxLessonDuration !== null && service.durationMin > maxLessonDuration))
    refuse(
      'licence.length',
      'serviceId',
      `With ${name}'s licence a lesson lasts ${tooShort ? `at least ${minLessonDuration}` : `at most ${maxLessonDuration}`} minutes. Choose another service.`,
    )
  return found
}

/** A minor needs a guardian's consent; so does whose age nobody knows, where the school's matrix asks for it. */
function aboutConsent({ student, licence, consent }: LearnerFacts, age: number | null, startAt: Date): Obstacle[] {
  const isGiven = consent !== null && (consent.expiresAt === null || consent.expiresAt > startAt)
  if (isGiven) return []
  const name = student.fullName
  const wayOut: WayOut = {
    label: `Guardian and consent of ${name}`,
    model: 'Student',
    id: student.id,
    action: 'student.add-guardian',
  }
  const isMissing = (rule: string, sentence: string): Obstacle[] => [{ ...hard(rule, 'studentId', sentence), wayOut }]
  if (age !== null && age < ADULT)
    return isMissing(
      'consent.minor',
      `${name} is under ${ADULT} and has no guardian's consent. Record the consent, then book.`,
    )
  if (age === null && licence?.requiresParentalConsent)
    return isMissing(
      'consent.age',
      `${name}'s date of birth is not known, and minors need a guardian's consent. Enter the date of birth, or record the consent.`,
    )
  return []
}

/** Whether somebody born then is a minor on a local day (`yyyy-mm-dd`). */
export const isMinor = (dob: Date, day: string): boolean => ageOn(dob, day) < ADULT

/** Whole years on a local day, both as `yyyy-mm-dd`. */
function ageOn(dob: Date, day: string): number {
  const born = isoDay(dob)
  return Number(day.slice(0, 4)) - Number(born.slice(0, 4)) - (day.slice(5) < born.slice(5) ? 1 : 0)
}

const isoDay = (date: Date): string => date.toISOString().slice(0, 10)
