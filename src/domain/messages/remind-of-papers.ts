import { nowOf } from '../../core/context.ts'
import { valueLabel } from '../../core/labels.ts'
import { dayOf, formatDay } from '../../core/time.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { compose, schoolOf, type Written } from './compose.ts'
import { instructorOf, type Person } from './people.ts'

/** Days before its last day at which a paper is told of, and the last day itself (domain.md, Jobs to be done). */
export const THRESHOLDS = [0, 7, 30] as const
/** After a pause of the worker somebody is still told of what has ended meanwhile. */
const LATE_DAYS = 7

/** A paper that ends. */
interface Ending {
  readonly model: 'InstructorCredential' | 'Vehicle'
  readonly id: string
  /** "Driver licence", "Registration". */
  readonly paper: string
  readonly holder: string
  /** Last day on which it is valid, `yyyy-mm-dd`. */
  readonly until: string
  readonly instructorId: string | null
}

/**
 * Tells the instructor and the office of papers that end in 30 or 7 days or today: of each paper once at each of the three.
 * A paper that has a later one of its kind is not told of any more.
 */
export async function remindOfPapers(work: UnitOfWork): Promise<Written[]> {
  const { timeZone } = await schoolOf(work)
  const today = dayOf(nowOf(work), timeZone)
  const ending = [...(await credentials(work, today)), ...(await papersOfCars(work, today))]
  if (ending.length === 0) return []
  const office = await officeOf(work)
  const written: Written[] = []
  for (const paper of ending) {
    const days = daysBetween(today, paper.until)
    const threshold = THRESHOLDS.find((one) => days <= one)
    if (threshold === undefined) continue
    const instructor = paper.instructorId ? await instructorOf(work, paper.instructorId) : null
    const people = instructor ? [instructor, ...office] : office
    written.push(
      ...(await compose(work, {
        kind: 'paper_expiring',
        cause: `paper:${paper.id}:${paper.paper}:${paper.until}:${threshold}`,
        to: () => people,
        values: { paper: paper.paper, holder: paper.holder, until: formatDay(paper.until), left: inWords(days) },
        about: { model: paper.model, id: paper.id },
        ...(paper.instructorId ? { instructorId: paper.instructorId } : {}),
      })),
    )
  }
  return written
}

const inWords = (days: number): string =>
  days > 1 ? `in ${days} days` : days === 1 ? 'tomorrow' : days === 0 ? 'today' : 'it has ended'

async function credentials({ tx, orgId }: UnitOfWork, today: string): Promise<Ending[]> {
  const rows = await tx.$queryRaw<{ id: string; kind: string; holder: string; until: string; instructorId: string }[]>`
    SELECT c.id, c.kind::text, i."displayName" AS holder, c."expiresOn"::text AS until, c."instructorId"
      FROM "InstructorCredential" c JOIN "Instructor" i ON i.id = c."instructorId" AND i."orgId" = c."orgId" AND i.active
     WHERE c."orgId" = ${orgId}::uuid AND c.status = 'verified'
       AND c."expiresOn" BETWEEN ${today}::date - ${LATE_DAYS}::int AND ${today}::date + ${SOONEST}::int
       AND NOT EXISTS (SELECT FROM "InstructorCredential" n WHERE n."orgId" = c."orgId" AND n."instructorId" = c."instructorId"
             AND n.kind = c.kind AND n.status = 'verified' AND n."expiresOn" > c."expiresOn")
     ORDER BY c."expiresOn", c.id`
  return rows.map(({ kind, ...row }) => ({ ...row, model: 'InstructorCredential', paper: valueLabel(kind) }))
}

const SOONEST = Math.max(...THRESHOLDS)

async function papersOfCars({ tx, orgId }: UnitOfWork, today: string): Promise<Ending[]> {
  const rows = await tx.$queryRaw<{ id: string; holder: string; paper: string; until: string }[]>`
    SELECT v.id, concat_ws(' ', v.rego, v.make, v.model) AS holder, p.paper, p.until::text
      FROM "Vehicle" v CROSS JOIN LATERAL (VALUES ('Registration', v."regoExpiresOn"), ('Insurance', v."insuranceExpiresOn")) AS p(paper, until)
     WHERE v."orgId" = ${orgId}::uuid AND v.active
       AND p.until BETWEEN ${today}::date - ${LATE_DAYS}::int AND ${today}::date + ${SOONEST}::int
     ORDER BY p.until, v.id, p.paper`
  return rows.map((row) => ({ ...row, model: 'Vehicle', instructorId: null }))
}

/** Who checks papers in the office: compliance; where nobody is, the admins, else the owners. */
async function officeOf({ tx, orgId }: UnitOfWork): Promise<Person[]> {
  const members = await tx.userOrg.findMany({
    where: {
      orgId,
      status: 'active',
      role: { in: ['compliance', 'admin', 'owner'] },
      user: { disabledAt: null },
    },
    select: { role: true, user: { select: { fullName: true, email: true } } },
    orderBy: { id: 'asc' },
  })
  const role = (['compliance', 'admin', 'owner'] as const).find((one) => members.some((member) => member.role === one))
  return members
    .filter((member) => member.role === role)
    .map(({ user: { fullName, email } }) => ({ name: fullName, email, phone: null }))
}

const DAY_MS = 86_400_000
const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS)
