import { modelOf } from '../../core/schema.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { people, personalIn } from '../../core/personal-data.ts'
import type { Person } from './rows-about.ts'

/** Shorter ones are found in texts that are about something else. */
const SHORTEST = 5

interface Terms {
  /** What somebody is found by wherever they are named, spelled in every way that it may stand there. */
  readonly terms: readonly string[]
  /** What somebody else of the school has as well: texts with it may be about them. */
  readonly shared: readonly string[]
}

/** Names, addresses and numbers of a person, those of earlier too. */
export async function termsOf(work: UnitOfWork, person: Person): Promise<Terms> {
  const own = await ownValues(work, person)
  const others = await sharedWithOthers(work, person, own)
  return {
    terms: [...new Set(own.filter((value) => !others.has(value.toLowerCase())).flatMap(spellings))],
    shared: own.filter((value) => others.has(value.toLowerCase())),
  }
}

/** Of the rows as they are, and as the audit log knows they were. */
async function ownValues({ orgId, tx }: UnitOfWork, person: Person): Promise<string[]> {
  const values: string[] = []
  for (const { model, id } of person) {
    const columns = identityOf(model)
    const sides = columns.flatMap((name) => [`(l.before ->> '${name}')`, `(l.after ->> '${name}')`])
    const rows = await tx.$queryRawUnsafe<{ value: string | null }[]>(
      `SELECT v.value FROM "${model}" p, unnest(ARRAY[${columns.map((name) => `p."${name}"`).join(', ')}]) v(value) WHERE p.id = $2::text::uuid
       UNION SELECT v.value FROM "AuditLog" l, unnest(ARRAY[${sides.join(', ')}]) v(value)
        WHERE l."orgId" = $1::uuid AND l."entityType" = '${model}' AND l."entityId" = $2::text`,
      orgId,
      id,
    )
    values.push(...rows.flatMap(({ value }) => (isTelling(value) ? [value.trim()] : [])))
  }
  return [...new Set(values)]
}

/** Words only: a day of birth stands in many other places. */
const identityOf = (model: string): string[] =>
  personalIn(modelOf(model)).identity.filter((name) =>
    modelOf(model).fields.some((field) => field.name === name && field.type === 'String'),
  )

/** A first name alone is everybody's. */
const isTelling = (value: string | null): value is string =>
  value !== null &&
  value.trim().length >= SHORTEST &&
  /[\s@\d]/.test(value.trim()) &&
  !/^(\[removed|Anonymised )/.test(value)

async function sharedWithOthers({ orgId, tx }: UnitOfWork, person: Person, own: string[]): Promise<Set<string>> {
  const mine = person.map(({ id }) => id)
  const shared = new Set<string>()
  for (const model of people) {
    const columns = identityOf(model).map((name) => `p."${name}"`)
    const rows = await tx.$queryRawUnsafe<{ value: string }[]>(
      `SELECT DISTINCT lower(v.value) AS value FROM "${model}" p, unnest(ARRAY[${columns.join(', ')}]) v(value)
        WHERE ${model === 'User' ? '$1::uuid IS NOT NULL' : 'p."orgId" = $1::uuid'} AND p.id <> ALL ($2::uuid[]) AND lower(v.value) = ANY ($3::text[])`,
      orgId,
      mine,
      own.map((value) => value.toLowerCase()),
    )
    for (const { value } of rows) shared.add(value)
  }
  return shared
}

/** As it stands in text, in JSON, and for telephone numbers with and without country and spaces. */
function spellings(value: string): string[] {
  const inJson = JSON.stringify(value).slice(1, -1)
  const digits = value.replaceAll(/\D/g, '')
  const isPhone = /^\+?[\d\s()./-]+$/.test(value) && digits.length >= 8
  const national = digits.replace(/^(61|0)/, '')
  return isPhone ? [value, `0${national}`, `61${national}`, `61 ${national}`] : [value, inJson]
}
