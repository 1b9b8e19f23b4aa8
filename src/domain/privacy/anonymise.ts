import { nowOf } from '../../core/context.ts'
import { conflict, notFound } from '../../core/errors.ts'
import { type Field, modelOf, models, tenancyOf } from '../../core/schema.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { canonicalAddress } from '../messages/address.ts'
import { refuseOpenBusiness } from './open-business.ts'
import { type PersonModel, isWord, people, personalIn } from '../../core/personal-data.ts'
import { purgePoints } from './purge-points.ts'
import { type Person, type RowsAbout, personOf, rowsAbout } from './rows-about.ts'
import { termsOf } from './terms.ts'

export interface Subject {
  readonly model: PersonModel
  readonly id: string
}

/** Whom it is about and what there is of them. */
export interface Known {
  readonly name: string
  readonly person: Person
  readonly rows: RowsAbout
  /** Their sign-in also opens another school, so it is not this one's to empty. */
  readonly keptSignIn: boolean
}

/** Looks a person up in all that they are, for what is told to them. @throws AppError NotFound */
export async function known(work: UnitOfWork, { model, id }: Subject): Promise<Known> {
  const name = await nameOf(work, { model, id })
  const person = await personOf(work, model, id)
  const signIn = person.find(isSignIn)
  const keptSignIn = signIn !== undefined && (await isShared(work, signIn.id))
  return { name, person, rows: await rowsAbout(work, person), keptSignIn }
}

/** The same, of what is this school's to take out. @throws AppError Conflict for somebody who is another school's as well */
export async function erasable(work: UnitOfWork, subject: Subject): Promise<Known> {
  const whole = await known(work, subject)
  if (!whole.keptSignIn) return whole
  const person = whole.person.filter((one) => !isSignIn(one))
  if (person.length === 0)
    throw conflict(
      `${whole.name} also signs in to another school or works for the platform, so this school cannot anonymise them.`,
    )
  return { ...whole, person, rows: await rowsAbout(work, person) }
}

async function nameOf({ orgId, tx }: UnitOfWork, { model, id }: Subject): Promise<string> {
  const column = model === 'Instructor' ? 'displayName' : 'fullName'
  const where =
    model === 'User' ? `id IN (SELECT "userId" FROM "UserOrg" WHERE "orgId" = $1::uuid)` : `"orgId" = $1::uuid`
  const [row] = await tx.$queryRawUnsafe<{ name: string }[]>(
    `SELECT "${column}" AS name FROM "${model}" WHERE ${where} AND id = $2::uuid`,
    orgId,
    id,
  )
  if (!row) throw notFound('This person is no longer there.')
  return row.name
}

async function isShared({ orgId, tx }: UnitOfWork, userId: string): Promise<boolean> {
  const [row] = await tx.$queryRawUnsafe<{ shared: boolean }[]>(
    `SELECT user_is_shared(id, $1::uuid) OR "platformRole" <> 'none' AS shared FROM "User" WHERE id = $2::uuid`,
    orgId,
    userId,
  )
  return row?.shared ?? true
}

/** A log of years is read from end to end. */
const LONGEST_MS = 10 * 60_000

/**
 * Takes a person out of the school: who they are, what was written about them and to them, and where they were, in every
 * row and in the audit log. What happened, when, and for how much stays. See docs/privacy.md.
 * @param runKey of the run that asked for it; the database wants to see that somebody else agreed to it
 * @returns how many rows of each model were changed
 * @throws AppError Conflict while anything of theirs is open · NotFound
 */
export async function anonymise(work: UnitOfWork, subject: Subject, runKey: string): Promise<Record<string, number>> {
  const { orgId, tx } = work
  await tx.$executeRawUnsafe(`SET LOCAL statement_timeout = ${LONGEST_MS}`)
  await tx.$queryRawUnsafe(`SELECT FROM "${subject.model}" WHERE id = $1::uuid FOR UPDATE`, subject.id)
  const run = await tx.actionRun.findFirst({ where: { orgId, idempotencyKey: runKey }, select: { id: true } })
  const { name, person, rows } = await erasable(work, subject)
  await refuseOpenBusiness(work, { person, rows, name })
  const { terms } = await termsOf(work, person)
  await stop(work, { person, rows, terms })
  const plan = { rows: rowsOf(person, rows), search: searched(), terms, signIn: person.find(isSignIn)?.id ?? null }
  const [answer] = await tx.$queryRawUnsafe<{ counts: Record<string, number> }[]>(
    'SELECT audit.redact_person($1::uuid, $2, $3::uuid, $4::jsonb) AS counts',
    run?.id ?? null,
    subject.model,
    subject.id,
    JSON.stringify(plan),
  )
  return answer!.counts
}

const isSignIn = ({ model }: Person[number]): boolean => model === 'User'

/** Nothing is sent to them or recorded of them any more, and what is only of use for that goes. */
async function stop(
  work: UnitOfWork,
  { person, rows, terms }: { person: Person; rows: RowsAbout; terms: readonly string[] },
): Promise<void> {
  const { orgId, tx } = work
  const now = nowOf(work)
  const idsOf = (model: string) => ({ in: [...(rows.get(model) ?? [])] })
  await tx.message.updateMany({
    where: { orgId, id: idsOf('Message'), status: 'queued' },
    data: { status: 'suppressed' },
  })
  await tx.lesson.updateMany({
    where: { orgId, id: idsOf('Lesson'), tokenHash: { not: null } },
    data: { tokenHash: null },
  })
  await purgePoints(work, rows.get('Trip') ?? [])
  await forgetPlaces(work, rows.get('Booking') ?? [])
  const addresses = terms.flatMap((term) => [
    term,
    canonicalAddress('sms', term) ?? term,
    canonicalAddress('email', term) ?? term,
  ])
  await tx.contactOptOut.deleteMany({ where: { orgId, address: { in: addresses, mode: 'insensitive' } } })
  await tx.$executeRawUnsafe(
    `DELETE FROM "DataImportRow" WHERE "orgId" = $1::uuid AND cells::text ILIKE ANY ($2::text[])`,
    orgId,
    terms.map((term) => `%${term.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`),
  )
  for (const { model, id } of person) {
    if (model === 'Student')
      await tx.student.updateMany({ where: { orgId, id }, data: { anonymisedAt: now, archivedAt: now } })
    if (model === 'Instructor') await tx.instructor.updateMany({ where: { orgId, id }, data: { active: false } })
    if (model === 'User') await tx.userOrg.updateMany({ where: { orgId, userId: id }, data: { status: 'suspended' } })
  }
}

/** Ways between places where somebody was fetched: the cache is measured again when it is needed. */
async function forgetPlaces({ orgId, tx }: UnitOfWork, bookingIds: readonly string[]): Promise<void> {
  await tx.$executeRawUnsafe(
    `WITH place AS (SELECT "pickupLat" AS lat, "pickupLng" AS lng FROM "Booking" WHERE "orgId" = $1::uuid AND id = ANY ($2::uuid[])
       UNION SELECT "dropoffLat", "dropoffLng" FROM "Booking" WHERE "orgId" = $1::uuid AND id = ANY ($2::uuid[]))
     DELETE FROM "TravelTimeCache" t USING place p WHERE t."orgId" = $1::uuid
       AND ((t."fromLat", t."fromLng") = (p.lat, p.lng) OR (t."toLat", t."toLng") = (p.lat, p.lng))`,
    orgId,
    [...bookingIds],
  )
}

interface Emptied {
  readonly model: string
  readonly ids?: readonly string[]
  readonly columns: readonly string[]
}

/** The columns that go, of the rows about a person whose they are. */
export function rowsOf(person: Person, rows: RowsAbout): Emptied[] {
  return [...rows].flatMap(([model, ids]) => {
    const { identity, personal, of } = personalIn(modelOf(model))
    const isTheirs = people.some((one) => one === model) || person.some((one) => of.includes(one.model))
    return isTheirs ? [{ model, ids, columns: [...identity, ...personal] }] : []
  })
}

/** Where somebody may be named in a text about something else. */
function searched(): Emptied[] {
  const inWords = ({ type }: Field): boolean => type === 'String' || type === 'Json'
  return [...models.values()].flatMap((model) => {
    if (tenancyOf(model) !== 'column' || model.name === 'DataImportRow' || model.name === 'AuditLog') return []
    const { personal } = personalIn(model)
    const columns = model.fields.filter((field) => personal.includes(field.name) && isWord(field) && inWords(field))
    return columns.length > 0 ? [{ model: model.name, columns: columns.map(({ name }) => name) }] : []
  })
}
