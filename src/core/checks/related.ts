import type { Declared } from './declared.ts'
import { type Model, fieldOf, indexesOf, modelOf } from '../schema.ts'
import { isPath } from './columns.ts'

/** Lists of the records that refer to this one: each opens by an index, whatever the size of its table. */
export function relatedGaps({ here, declaration, model }: Declared): string[] {
  return Object.entries((declaration.related ?? {}) as Record<string, { list?: readonly string[] }>).flatMap(
    ([name, { list = [] }]) => {
      const field = fieldOf(model, name)
      if (field?.kind !== 'object' || !field.isList)
        return [`${here} lists the related ${name}, which is no relation to many`]
      const target = modelOf(field.type)
      const column = referenceTo(target, model, field.relationName)
      return [
        ...list
          .filter((path) => !isPath(target, path))
          .map((path) => `${here} lists ${path} of the related ${name}, which no list can show`),
        ...(column && !isLed(target, column)
          ? [`${here} lists the related ${name} without an index: add @@index([orgId, ${column}]) to ${target.name}`]
          : []),
      ]
    },
  )
}

/** The column of `target` that refers to `model` by this relation. */
const referenceTo = (target: Model, model: Model, relation: string | undefined): string | undefined =>
  target.fields.find((field) => field.type === model.name && field.relationName === relation)?.relationFromFields?.[0]

const isLed = (model: Model, column: string): boolean =>
  indexesOf(model).some((columns) => columns[columns[0] === 'orgId' ? 1 : 0] === column)
