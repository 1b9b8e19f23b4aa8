import { type Model, models, tenancyOf } from '../../core/schema.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { type PersonModel, people } from '../../core/personal-data.ts'

/** Ids of the rows that are about somebody, by model. */
export type RowsAbout = ReadonlyMap<string, readonly string[]>

/** One person, in all that they are in this school: the learner who became an instructor, with their sign-in. */
export type Person = readonly { readonly model: PersonModel; readonly id: string }[]

// positions are taken out by their trip, the audit log by itself
const NOT_FOLLOWED = new Set(['TripPoint', 'AuditLog', ...people])

/** What a sign-in has of its own; what somebody did with it is the school's record. */
const OWN_OF_SIGN_IN = new Set(['userId', 'ownerId'])

/**
 * Everything that refers to a person. To a learner: also what refers to that, down to the last delivery of a message;
 * to others what names them themselves, because a lesson is its learner's. New models are found by their references.
 */
export async function rowsAbout(work: UnitOfWork, person: Person): Promise<RowsAbout> {
  const found = new Map<string, Set<string>>()
  for (const { model, id } of person) add(found, model, [id])
  for (const { model, id } of person) {
    if (model === 'Student') await follow(work, found, { from: model, ids: [id] })
    else await follow(work, found, { from: model, ids: [id], once: true })
  }
  await followNames(work, found)
  await followStripe(work, found)
  return new Map([...found].map(([model, ids]) => [model, [...ids]]))
}

function add(found: Map<string, Set<string>>, model: string, ids: readonly string[]): string[] {
  const known = found.get(model) ?? new Set()
  const fresh = ids.filter((id) => !known.has(id))
  found.set(model, new Set([...known, ...fresh]))
  return fresh
}

interface Step {
  readonly from: string
  readonly ids: readonly string[]
  readonly once?: boolean
}

async function follow(work: UnitOfWork, found: Map<string, Set<string>>, { from, ids, once }: Step): Promise<void> {
  for (const model of models.values()) {
    if (NOT_FOLLOWED.has(model.name) || tenancyOf(model) !== 'column') continue
    for (const column of columnsTo(model, from)) {
      if (from === 'User' && !OWN_OF_SIGN_IN.has(column)) continue
      const fresh = add(found, model.name, await idsBy(work, model, `"${column}" = ANY ($2::uuid[])`, [...ids]))
      // a message's attempts belong to it, whoever it went to
      if (fresh.length > 0 && (!once || model.name === 'Message'))
        await follow(work, found, { from: model.name, ids: fresh })
    }
  }
}

const columnsTo = (model: Model, target: string): string[] =>
  model.fields.flatMap(({ type, relationFromFields }) =>
    type === target && relationFromFields?.[0] ? [relationFromFields[0]] : [],
  )

/** Rows that name what they are about by model and id: messages, runs of actions, events, calls to Stripe. */
async function followNames(work: UnitOfWork, found: Map<string, Set<string>>): Promise<void> {
  for (const model of models.values()) {
    const [type, id] = namedPair(model)
    if (!type || !id || NOT_FOLLOWED.has(model.name) || tenancyOf(model) !== 'column') continue
    const known = [...found]
    for (const [about, ids] of known)
      if (about !== model.name) {
        const where = `"${type}" = '${about}' AND "${id}"::text = ANY ($2::text[])`
        const fresh = add(found, model.name, await idsBy(work, model, where, [...ids]))
        if (fresh.length > 0) await follow(work, found, { from: model.name, ids: fresh })
      }
  }
}

/** `relatedType` and `relatedId`, as they are called everywhere. */
function namedPair({ fields }: Model): readonly [string?, string?] {
  const names = new Set(fields.map(({ name }) => name))
  const type = [...names].find((name) => name.endsWith('Type') && names.has(name.replace(/Type$/, 'Id')))
  return type ? [type, type.replace(/Type$/, 'Id')] : []
}

async function idsBy(work: UnitOfWork, { name }: Model, where: string, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await work.tx.$queryRawUnsafe<{ id: string }[]>(
    `SELECT id FROM "${name}" WHERE "orgId" = $1::uuid AND ${where}`,
    work.orgId,
    ids,
  )
  return rows.map(({ id }) => id)
}

/** What Stripe told of their payments: it names who held the card. */
async function followStripe(work: UnitOfWork, found: Map<string, Set<string>>): Promise<void> {
  const names: string[] = []
  for (const [model, ids] of found)
    for (const { name } of models.get(model)?.fields.filter((field) => /^stripe\w+Id$/.test(field.name)) ?? []) {
      const rows = await work.tx.$queryRawUnsafe<{ name: string }[]>(
        `SELECT "${name}" AS name FROM "${model}" WHERE id = ANY ($1::uuid[]) AND "${name}" IS NOT NULL`,
        [...ids],
      )
      names.push(...rows.map((row) => `%"${row.name}"%`))
    }
  const events = models.get('WebhookEvent')!
  add(found, events.name, await idsBy(work, events, 'payload::text LIKE ANY ($2::text[])', names))
}

/** Who somebody is besides: rows of people with the same sign-in. @returns the row itself first */
export async function personOf(work: UnitOfWork, model: PersonModel, id: string): Promise<Person> {
  const { orgId, tx } = work
  const userId = model === 'User' ? id : await signInOf(work, model, id)
  if (userId === null) return [{ model, id }]
  const others: { model: PersonModel; id: string }[] = [{ model: 'User', id: userId }]
  for (const other of people.filter((one) => one !== 'User')) {
    const rows = await tx.$queryRawUnsafe<{ id: string }[]>(
      `SELECT id FROM "${other}" WHERE "orgId" = $1::uuid AND "userId" = $2::uuid`,
      orgId,
      userId,
    )
    others.push(...rows.map((row) => ({ model: other, id: row.id })))
  }
  return [{ model, id }, ...others.filter((one) => one.model !== model || one.id !== id)]
}

async function signInOf({ orgId, tx }: UnitOfWork, model: PersonModel, id: string): Promise<string | null> {
  const [row] = await tx.$queryRawUnsafe<{ userId: string | null }[]>(
    `SELECT "userId" FROM "${model}" WHERE "orgId" = $1::uuid AND id = $2::uuid`,
    orgId,
    id,
  )
  return row?.userId ?? null
}
