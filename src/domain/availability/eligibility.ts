import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { nowOf } from '../../core/context.ts'
import type { Scalars } from '../../core/declaration.ts'
import { fieldLabel } from '../../core/labels.ts'
import { dayOf, formatDay, formatInstant } from '../../core/time.ts'
import type { SchoolRules } from '../school.ts'

/** A rule that a lesson would break, in a sentence that says what to do. Soft ones may be overridden with a reason. */
export interface Obstacle {
  readonly rule: string
  readonly field: string
  readonly sentence: string
  readonly soft: boolean
}

export interface Plan {
  readonly student: Scalars<'Student'>
  readonly instructor: Scalars<'Instructor'>
  readonly service: Scalars<'Service'>
  readonly startAt: Date
  readonly endAt: Date
}

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const ADULT = 18
const SHORTEST = 30
const LONGEST = 480

/** What stands against the lesson apart from the calendar itself: dates, length, people, papers (domain.md, Booking rules). */
export async function obstaclesOf(work: UnitOfWork, plan: Plan, rules: SchoolRules): Promise<Obstacle[]> {
  return [
    ...aboutTime(plan, rules, nowOf(work)),
    ...aboutPeople(plan),
    ...(await aboutLicence(work, plan, rules)),
    ...(await aboutCredentials(work, plan, rules)),
  ]
}

const hard = (rule: string, field: string, sentence: string): Obstacle => ({ rule, field, sentence, soft: false })
const soft = (rule: string, field: string, sentence: string): Obstacle => ({ rule, field, sentence, soft: true })

function aboutTime({ startAt, endAt }: Plan, rules: SchoolRules, now: Date): Obstacle[] {
  const minutes = (endAt.getTime() - startAt.getTime()) / MINUTE
  const notice = startAt.getTime() - now.getTime()
  const found: Obstacle[] = []
  if (minutes <= 0) found.push(hard('time.order', 'endAt', 'The lesson ends before it starts. Choose a later end.'))
  else if (minutes < SHORTEST || minutes > LONGEST)
    found.push(hard('time.length', 'endAt', `A lesson lasts ${SHORTEST} to ${LONGEST} minutes. Choose another length.`))
  if (notice < 0) {
    const when = formatInstant(startAt, rules.timeZone, now)
    found.push(hard('time.past', 'startAt', `${when} has passed. Choose a time that is still to come.`))
  } else if (notice < rules.minNoticeMin * MINUTE)
    found.push(
      soft(
        'time.notice',
        'startAt',
        `Lessons are booked at least ${rules.minNoticeMin / 60} hours ahead. Choose a later time.`,
      ),
    )
  if (notice > rules.maxAdvanceDays * DAY)
    found.push(
      soft(
        'time.horizon',
        'startAt',
        `Lessons are booked at most ${rules.maxAdvanceDays} days ahead. Choose an earlier day.`,
      ),
    )
  return found
}

function aboutPeople({ student, instructor, service }: Plan): Obstacle[] {
  const found: Obstacle[] = []
  const { transmission } = service
  if (student.archivedAt)
    found.push(hard('student.archived', 'studentId', `${student.fullName} is archived. Restore them first.`))
  if (!instructor.active)
    found.push(
      hard(
        'instructor.retired',
        'instructorId',
        `${instructor.displayName} no longer teaches. Choose another instructor.`,
      ),
    )
  if (!service.active)
    found.push(hard('service.retired', 'serviceId', `${service.name} is no longer offered. Choose another service.`))
  const teaches = { automatic: instructor.teachesAutomatic, manual: instructor.teachesManual }
  if (transmission && !teaches[transmission])
    found.push(
      hard(
        'instructor.transmission',
        'instructorId',
        `${instructor.displayName} does not teach ${transmission}. Choose another instructor.`,
      ),
    )
  return found
}

async function aboutLicence(
  work: UnitOfWork,
  { student, service, startAt }: Plan,
  rules: SchoolRules,
): Promise<Obstacle[]> {
  const day = dayOf(startAt, rules.timeZone)
  const age = student.dob ? ageOn(student.dob, day) : null
  const licence = await work.tx.licenseCompatibilityMatrix.findFirst({
    where: {
      orgId: work.orgId,
      isActive: true,
      studentLicenseType: student.licenceType ?? 'learner',
      lessonType: service.lessonType,
    },
  })
  const found: Obstacle[] = []
  const name = student.fullName
  if (licence && !licence.isCompatible)
    found.push(
      soft(
        'licence.lesson',
        'serviceId',
        `${name}'s licence does not allow this kind of lesson. Choose another service.`,
      ),
    )
  if (student.permitExpiresOn && isoDay(student.permitExpiresOn) < day)
    found.push(
      soft(
        'licence.expired',
        'studentId',
        `${name}'s permit expires on ${formatDay(isoDay(student.permitExpiresOn))}. Renew it first.`,
      ),
    )
  if (licence?.minStudentAge && age !== null && age < licence.minStudentAge)
    found.push(
      soft('licence.age', 'studentId', `${name} is ${age}; this lesson is from ${licence.minStudentAge} years.`),
    )
  if (licence?.maxStudentAge && age !== null && age > licence.maxStudentAge)
    found.push(
      soft('licence.age', 'studentId', `${name} is ${age}; this lesson is up to ${licence.maxStudentAge} years.`),
    )
  const isMinor = age !== null && age < ADULT
  if (isMinor && !(await hasConsent(work, student.id, startAt)))
    found.push(
      hard(
        'consent.minor',
        'studentId',
        `${name} is under ${ADULT} and has no guardian's consent. Record the consent, then book.`,
      ),
    )
  return found
}

/** The latest word on it counts: given, not withdrawn since, not run out by then. */
async function hasConsent(work: UnitOfWork, studentId: string, at: Date): Promise<boolean> {
  const latest = await work.tx.consent.findFirst({
    where: { orgId: work.orgId, studentId, kind: 'minor_lessons', effectiveAt: { lte: nowOf(work) } },
    orderBy: [{ effectiveAt: 'desc' }, { id: 'desc' }],
  })
  return latest?.granted === true && (latest.expiresAt === null || latest.expiresAt > at)
}

/** Of each kind of paper on file, one that is verified must be valid on the day. */
async function aboutCredentials(
  work: UnitOfWork,
  { instructor, startAt }: Plan,
  rules: SchoolRules,
): Promise<Obstacle[]> {
  const day = dayOf(startAt, rules.timeZone)
  const papers = await work.tx.instructorCredential.findMany({
    where: { orgId: work.orgId, instructorId: instructor.id, status: { in: ['pending', 'verified'] } },
    select: { kind: true, status: true, expiresOn: true },
  })
  const kinds = [...new Set(papers.map(({ kind }) => kind))]
  const lapsed = kinds.filter(
    (kind) => !papers.some((one) => one.kind === kind && one.status === 'verified' && isoDay(one.expiresOn) >= day),
  )
  return lapsed.map((kind) =>
    soft(
      'instructor.credential',
      'instructorId',
      `${instructor.displayName}'s ${fieldLabel(kind).toLowerCase()} is not valid on ${formatDay(day)}. Renew and verify it, or choose another instructor.`,
    ),
  )
}

/** Whole years on a local day, both as `yyyy-mm-dd`. */
function ageOn(dob: Date, day: string): number {
  const born = isoDay(dob)
  return Number(day.slice(0, 4)) - Number(born.slice(0, 4)) - (day.slice(5) < born.slice(5) ? 1 : 0)
}

const isoDay = (date: Date): string => date.toISOString().slice(0, 10)
