import { migrationSql } from '../migrations.ts'
import { namedModels } from '../permissions.ts'
import { areas, fieldOf, models, tenancyOf } from '../schema.ts'

export function modelGaps(): string[] {
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
export function migrationGaps(): string[] {
  return [...models.keys()]
    .filter((name) => !migrationSql().includes(`CREATE TABLE "${name}"`))
    .map((name) => `${name} has no migration: write one that creates and secures its table`)
}

export const permissionGaps = (): string[] =>
  namedModels()
    .filter((name) => !models.has(name))
    .map((name) => `src/core/permissions.ts names ${name}, which is no model`)
