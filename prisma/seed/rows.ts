import type { Prisma } from '@prisma/client'

export type Model = Prisma.ModelName

type Many<M extends Model> = Prisma.TypeMap['model'][M]['operations']['createMany']['args']['data']
/** One row as the database takes it. */
export type Row<M extends Model> = Exclude<Many<M>, readonly unknown[]>

/** The rows of a school, collected before any is written: later parts of the story look back at earlier ones. */
export class Rows {
  readonly #lists = new Map<Model, object[]>()

  add<M extends Model>(model: M, row: Row<M>): Row<M> {
    const list = this.#lists.get(model)
    if (list) list.push(row)
    else this.#lists.set(model, [row])
    return row
  }

  of<M extends Model>(model: M): readonly Row<M>[] {
    return (this.#lists.get(model) ?? []) as Row<M>[]
  }
}
