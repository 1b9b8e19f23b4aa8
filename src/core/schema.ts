import { readFileSync, readdirSync } from 'node:fs'
import { root } from './root.ts'

/** The facts of the Prisma schema that screens, permissions and checks are made from: prisma/dmmf.json, written by `prisma generate`. */
export interface Field {
  readonly name: string
  readonly kind: 'scalar' | 'enum' | 'object' | 'unsupported'
  readonly type: string
  readonly isList: boolean
  readonly isRequired: boolean
  readonly isId: boolean
  readonly isUnique: boolean
  readonly hasDefaultValue: boolean
  readonly isUpdatedAt?: boolean
  readonly default?: unknown
  readonly relationName?: string
  readonly relationFromFields?: readonly string[]
  readonly relationToFields?: readonly string[]
  readonly nativeType?: readonly [string, readonly string[]] | null
  readonly documentation?: string
}

export interface Model {
  readonly name: string
  readonly fields: readonly Field[]
  readonly documentation?: string
  readonly area: Area
}

interface Datamodel {
  models: Omit<Model, 'area'>[]
  enums: { name: string; values: { name: string }[] }[]
  indexes: { model: string; fields: { name: string }[] }[]
}

/** The eight domain areas, in the order of the navigation; each is one file of the Prisma schema, whose order is that of the menu. */
export const areas = {
  scheduling: 'Scheduling',
  people: 'People',
  lessons: 'Lesson execution',
  finance: 'Finance',
  catalogue: 'Catalogue & pricing',
  communication: 'Communication',
  compliance: 'Compliance',
  identity: 'Identity & access',
} as const
export type Area = keyof typeof areas

export const datamodel = JSON.parse(readFileSync(root('prisma/dmmf.json'), 'utf8')) as Datamodel

export const models: ReadonlyMap<string, Model> = readModels()

export function modelOf(name: string): Model {
  const model = models.get(name)
  if (!model) throw new Error(`the schema has no model ${name}`)
  return model
}

export const fieldOf = (model: Model, name: string): Field | undefined =>
  model.fields.find((field) => field.name === name)

export function enumValues(name: string): string[] {
  return (datamodel.enums.find((one) => one.name === name)?.values ?? []).map((value) => value.name)
}

/** The relation that a foreign-key column belongs to: `studentId` → `student`. The pair with orgId names the entity column first. */
export function relationOf(model: Model, column: string): Field | undefined {
  return model.fields.find((field) => field.relationFromFields?.[0] === column && field.type !== 'Org')
}

/** Columns that PostgreSQL can walk in order inside one school: those that follow orgId in an index. */
export function orderedColumns(model: Model): Set<string> {
  const led = datamodel.indexes.filter((index) => index.model === model.name && index.fields[0]?.name === 'orgId')
  return new Set(led.flatMap((index) => index.fields[1]?.name ?? []))
}

/** The columns of each index of the model, in order; unique ones too. */
export const indexesOf = (model: Model): string[][] =>
  datamodel.indexes
    .filter((index) => index.model === model.name)
    .map((index) => index.fields.map((field) => field.name))

/** How a row belongs to a school. */
export type Tenancy = 'column' | 'school' | 'membership' | 'member'

/** column: by its orgId · school: the school itself · membership: people with a role in it · member: rows of such people */
export function tenancyOf(model: Model): Tenancy {
  if (fieldOf(model, 'orgId')) return 'column'
  if (model.name === 'Org') return 'school'
  return model.name === 'User' ? 'membership' : 'member'
}

/** The condition that keeps `alias` inside the school whose id is bound to `parameter` ("$1"). */
export function tenantCondition(model: Model, alias: string, parameter: string): string {
  const members = `(SELECT m."userId" FROM "UserOrg" m WHERE m."orgId" = ${parameter})`
  const conditions: Record<Tenancy, string> = {
    column: `${alias}."orgId" = ${parameter}`,
    school: `${alias}.id = ${parameter}`,
    membership: `${alias}.id IN ${members}`,
    member: `${alias}."userId" IN ${members}`,
  }
  return conditions[tenancyOf(model)]
}

function readModels(): Map<string, Model> {
  const areaOf = new Map(
    readdirSync(root('prisma'))
      .filter((file) => file.endsWith('.prisma'))
      .flatMap((file) => modelsIn(file).map((name) => [name, file.replace('.prisma', '') as Area] as const)),
  )
  const inOrder = Object.keys(areas)
  const located = datamodel.models.map((model) => ({ ...model, area: areaOf.get(model.name)! }))
  return new Map(
    located.toSorted((a, b) => inOrder.indexOf(a.area) - inOrder.indexOf(b.area)).map((model) => [model.name, model]),
  )
}

function modelsIn(file: string): string[] {
  return [...readFileSync(root('prisma', file), 'utf8').matchAll(/^model (\w+)/gm)].map((match) => match[1]!)
}
