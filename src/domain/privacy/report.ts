import { AppError } from '../../core/errors.ts'
import { fieldLabel, modelLabel, plural } from '../../core/labels.ts'
import { type Field, type Model, modelOf } from '../../core/schema.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { type Known, type Subject, known } from './anonymise.ts'
import { people, personalIn } from '../../core/personal-data.ts'
import { refersToMany } from './names.ts'

/** Everything a school has about a person, as it is handed over. */
export interface Report {
  readonly name: string
  readonly sections: readonly Section[]
  /** Positions of their drives; read a page at a time. */
  readonly tripIds: readonly string[]
}

export interface Section {
  readonly model: string
  readonly title: string
  readonly columns: readonly Column[]
  readonly rows: readonly Readonly<Record<string, unknown>>[]
}

export interface Column {
  readonly name: string
  readonly label: string
  readonly type: string
}

/** More than that is for somebody with the database. */
export const MOST_ROWS = 20_000

// the program's own bookkeeping, which repeats what is in the rows that it is about
const MACHINES = new Set([
  'Outbox',
  'OutboxDelivery',
  'StripeCall',
  'WebhookEvent',
  'ScheduledStateTransition',
  'LedgerTransaction',
  'LedgerEntry',
  'SavedView',
  'OperatorAccess',
])
const SECRET = new Set([
  'orgId',
  'password',
  'tokenHash',
  'linkKey',
  'payToken',
  'failedLogins',
  'lockedUntil',
  'idempotencyKey',
  'dedupeKey',
  'inputHash',
  'claim',
  'version',
])

/**
 * What a person may ask a school for: their rows, those that are about them, and what the audit log says of them.
 * @throws AppError NotFound · Invalid when there is more than a file may hold
 */
export async function reportOn(work: UnitOfWork, subject: Subject): Promise<Report> {
  const found = await known(work, subject)
  const sections: Section[] = []
  let left = MOST_ROWS
  for (const [model, ids] of found.rows) {
    if (MACHINES.has(model) || ids.length === 0) continue
    left -= ids.length
    if (left < 0) throw tooMuch(found.name)
    sections.push(await sectionOf(work, found, { model: modelOf(model), ids }))
  }
  const log = await auditSection(work, found, left)
  const filled = [...sections, log].filter(({ rows }) => rows.length > 0)
  return { name: found.name, sections: filled, tripIds: isLearner(found) ? (found.rows.get('Trip') ?? []) : [] }
}

const tooMuch = (name: string): AppError =>
  new AppError(
    'Invalid',
    `There is more about ${name} than one file holds (${MOST_ROWS.toLocaleString('en')} rows). Ask whoever runs the database.`,
  )

const isLearner = ({ person }: Known): boolean => person.some(({ model }) => model === 'Student')

async function sectionOf(
  work: UnitOfWork,
  found: Known,
  { model, ids }: { model: Model; ids: readonly string[] },
): Promise<Section> {
  const fields = model.fields.filter((field) => isTold(found, model, field))
  const order = model.fields.some(({ name }) => name === 'createdAt') ? 'b."createdAt", b.id' : 'b.id'
  const rows = await work.tx.$queryRawUnsafe<Record<string, unknown>[]>(
    `SELECT ${fields.map(({ name }) => `b."${name}"`).join(', ')} FROM "${model.name}" b WHERE b.id = ANY ($1::uuid[])${ownMessages(found, model)} ORDER BY ${order}`,
    [...ids],
  )
  const named = await refersToMany(work, model, rows, isLearner(found))
  const columns = fields.map(columnOf)
  return {
    model: model.name,
    title: plural(modelLabel(model.name)),
    columns,
    rows: rows.map((row, index) => ({ ...row, ...named[index] })),
  }
}

const columnOf = ({ name, type, nativeType }: Field): Column => ({
  name,
  label: fieldLabel(name.replace(/Id$/, '')),
  type: nativeType?.[0] === 'Date' ? 'Date' : type,
})

/** What is about somebody else stays with them: an instructor's lessons without the learner's words and places. */
function isTold({ person }: Known, model: Model, { name, kind, type }: Field): boolean {
  if (kind === 'object' || kind === 'unsupported' || type === 'Bytes' || SECRET.has(name)) return false
  const { identity, personal, of } = personalIn(model)
  const isWord = identity.includes(name) || personal.includes(name)
  return !isWord || people.some((one) => one === model.name) || person.some((one) => of.includes(one.model))
}

/** Of messages about a lesson only those that went to this person, or for a learner to whoever pays for them. */
function ownMessages({ person }: Known, { name }: Model): string {
  if (name !== 'Message' && name !== 'MessageDelivery') return ''
  const own = person.flatMap(({ model, id }) =>
    model === 'Student' ? [`m."studentId" = '${id}'`] : model === 'Instructor' ? [`m."instructorId" = '${id}'`] : [],
  )
  const isOwn = own.length > 0 ? `(${own.join(' OR ')})` : 'false'
  const message = name === 'Message' ? 'm.id = b.id' : 'm.id = b."messageId"'
  return ` AND EXISTS (SELECT FROM "Message" m WHERE ${message} AND ${isOwn})`
}

const LOG: readonly Column[] = [
  'createdAt',
  'action',
  'entityType',
  'entityId',
  'before',
  'after',
  'reason',
  'actorRole',
].map((name) => ({
  name,
  label: fieldLabel(name.replace(/^entity/, 'record')),
  type: name === 'createdAt' ? 'DateTime' : name === 'before' || name === 'after' ? 'Json' : 'String',
}))

/** For a learner of everything that is about them; of others of their own rows, because lessons are their learner's. */
async function auditSection({ orgId, tx }: UnitOfWork, found: Known, left: number): Promise<Section> {
  const own = isLearner(found)
    ? [...found.rows].filter(([model]) => !MACHINES.has(model))
    : found.person.map(({ model, id }) => [model, [id]] as const)
  const keys = own.flatMap(([model, ids]) => ids.map((id) => ({ model, id })))
  const rows = await tx.$queryRawUnsafe<Record<string, unknown>[]>(
    `SELECT l."createdAt", l.action, l."entityType", l."entityId", l.before, l.after, l.reason, l."actorRole"
       FROM unnest($2::text[], $3::text[]) k(model, id) JOIN "AuditLog" l ON l."orgId" = $1::uuid AND l."entityType" = k.model
        AND l."entityId" = k.id ORDER BY l."createdAt", l.id LIMIT ${left + 1}`,
    orgId,
    keys.map(({ model }) => model),
    keys.map(({ id }) => id),
  )
  if (rows.length > left) throw tooMuch(found.name)
  const told = rows.map((row) => ({ ...row, before: withoutSecrets(row.before), after: withoutSecrets(row.after) }))
  return { model: 'AuditLog', title: 'What the audit log says', columns: LOG, rows: told }
}

const withoutSecrets = (values: unknown): unknown =>
  typeof values === 'object' && values !== null
    ? Object.fromEntries(Object.entries(values).filter(([name]) => !SECRET.has(name)))
    : values
