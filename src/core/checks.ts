import type { Action } from './action.ts'
import type { Declaration } from './declaration.ts'
import { actionGaps } from './checks/actions.ts'
import { columnGaps } from './checks/columns.ts'
import type { Declared } from './checks/declared.ts'
import { fieldRightGaps } from './checks/field-rights.ts'
import { filterGaps } from './checks/filters.ts'
import { importGaps } from './checks/import.ts'
import { jobGaps } from './checks/jobs.ts'
import { relatedGaps } from './checks/related.ts'
import { migrationGaps, modelGaps, permissionGaps } from './checks/schema.ts'
import { scopeGaps } from './checks/scopes.ts'
import { searchGaps } from './checks/search.ts'
import { discover } from './discover.ts'
import type { Handler } from './handlers.ts'
import type { Job } from './jobs.ts'
import { personalGaps } from './personal-data.ts'
import { modelOf, models } from './schema.ts'

/** Each names the gaps of one part of a declaration. */
const checks: readonly ((declared: Declared) => string[])[] = [
  columnGaps,
  filterGaps,
  scopeGaps,
  searchGaps,
  relatedGaps,
  fieldRightGaps,
  importGaps,
]

/** Every gap between schema, declarations and permissions, as sentences for the developer; empty when all is well. */
export async function runChecks(): Promise<string[]> {
  const declarations = await discover<Declaration>('resources')
  return [
    ...modelGaps(),
    ...migrationGaps(),
    ...permissionGaps(),
    ...personalGaps(),
    ...declarations.flatMap(({ file, value }) => declarationGaps(file, value)),
    ...actionGaps(await discover<Action>('actions')),
    ...jobGaps(await discover<Job | Handler>('jobs')),
  ]
}

export function declarationGaps(file: string, declaration: Declaration): string[] {
  const name = declaration.model as string
  const here = `src/resources/${file}`
  if (!models.has(name)) return [`${here} declares ${name}, which is no model`]
  const expected = `${name.replaceAll(/(?<=.)([A-Z])/g, '-$1').toLowerCase()}.ts`
  const declared = { here, declaration, model: modelOf(name) }
  return [
    ...(file === expected ? [] : [`${here} declares ${name}: call it ${expected}`]),
    ...checks.flatMap((check) => check(declared)),
  ]
}
