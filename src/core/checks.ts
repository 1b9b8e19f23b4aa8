import { readdirSync, readFileSync } from 'node:fs'
import type { Declaration } from './declaration.ts'
import { discover } from './discover.ts'
import { namedModels } from './permissions.ts'
import { root } from './root.ts'
import { areas, fieldOf, modelOf, models, orderedColumns, tenancyOf } from './schema.ts'

/** Every gap between schema, declarations and permissions, as sentences for the developer; empty when all is well. */
export async function runChecks(): Promise<string[]> {
  const declarations = await discover<Declaration>('resources')
  return [
    ...modelGaps(),
    ...migrationGaps(),
    ...namedModels()
      .filter((name) => !models.has(name))
      .map((name) => `src/core/permissions.ts names ${name}, which is no model`),
    ...declarations.flatMap(({ file, value }) => declarationGaps(file, value)),
  ]
}

function modelGaps(): string[] {
  return [...models.values()].flatMap((model) => [
    ...(model.area in areas
      ? []
      : [`${model.name} is in prisma/${model.area}.prisma, which is no area of src/core/schema.ts`]),
    ...(tenancyOf(model) === 'member' && !fieldOf(model, 'userId')
      ? [`${model.name} belongs to no school: give it an orgId`]
      : []),
  ])
}

/** A table without its one line of safety would have no policy, no audit and no rights. */
function migrationGaps(): string[] {
  const folders = readdirSync(root('prisma/migrations'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const sql = folders
    .map(({ name }) => readFileSync(root('prisma/migrations', name, 'migration.sql'), 'utf8'))
    .join('\n')
  return [...models.keys()]
    .filter((name) => !sql.includes(`CREATE TABLE "${name}"`))
    .map((name) => `${name} has no migration: write one that creates and secures its table`)
}

function declarationGaps(file: string, declaration: Declaration): string[] {
  const name = declaration.model as string
  const here = `src/resources/${file}`
  if (!models.has(name)) return [`${here} declares ${name}, which is no model`]
  const model = modelOf(name)
  const expected = `${name.replaceAll(/(?<=.)([A-Z])/g, '-$1').toLowerCase()}.ts`
  const columns = [...((declaration.list ?? []) as readonly string[]), ...Object.keys(declaration.labels ?? {})]
  const shown = (column: string) =>
    column === fieldOf(model, column)?.name &&
    (fieldOf(model, column)!.kind !== 'object' || fieldOf(model, column)!.relationFromFields!.length > 0)
  const sort = declaration.sort?.by as string | undefined
  return [
    ...(file === expected ? [] : [`${here} declares ${name}: call it ${expected}`]),
    ...columns.filter((column) => !shown(column)).map((column) => `${here} names ${column}, which no list can show`),
    ...(sort && !orderedColumns(model).has(sort)
      ? [`${here} sorts by ${sort}, which no index leads to inside a school: add @@index([orgId, ${sort}])`]
      : []),
    ...titleGaps(here, name, declaration.title ?? []),
  ]
}

function titleGaps(here: string, name: string, title: readonly string[]): string[] {
  return title
    .filter((path) => path.includes('.'))
    .flatMap((path) => {
      const [relation, column] = path.split('.') as [string, string]
      const field = fieldOf(modelOf(name), relation)
      return field?.relationFromFields?.length && fieldOf(modelOf(field.type), column)
        ? []
        : [`${here} has ${path} in its title, which is no column it refers to`]
    })
}
