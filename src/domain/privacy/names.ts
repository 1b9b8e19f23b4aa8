import type { Model } from '../../core/schema.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'

/** What a row is called where another refers to it; of people only where the person asked for may know them. */
const titles: Readonly<Record<string, string>> = {
  Service: 'name',
  Vehicle: 'rego',
  Location: 'name',
  Package: 'name',
  RateCard: 'name',
  Instructor: '"displayName"',
  Guardian: '"fullName"',
}

/**
 * Names for the references of rows, under the name of the relation: a lesson's service, instructor and car.
 * @param ofPeople also those of instructors and guardians: a learner knows them, an instructor's learners are not told
 */
export async function refersToMany(
  { tx }: UnitOfWork,
  model: Model,
  rows: readonly Readonly<Record<string, unknown>>[],
  ofPeople: boolean,
): Promise<Record<string, unknown>[]> {
  const named = rows.map((): Record<string, unknown> => ({}))
  for (const { name, type, relationFromFields } of model.fields) {
    const column = relationFromFields?.[0]
    const title = titles[type]
    if (!column || !title || ((type === 'Guardian' || type === 'Instructor') && !ofPeople)) continue
    const ids = [...new Set(rows.flatMap((row) => (row[column] ? [row[column] as string] : [])))]
    const found = await tx.$queryRawUnsafe<{ id: string; title: string }[]>(
      `SELECT id, ${title} AS title FROM "${type}" WHERE id = ANY ($1::uuid[])`,
      ids,
    )
    const byId = new Map(found.map((one) => [one.id, one.title]))
    rows.forEach((row, index) => {
      const known = byId.get(row[column] as string)
      if (known) named[index]![name] = known
    })
  }
  return named
}
