import { type Context, isUuid } from '../../core/context.ts'
import type { Query } from '../../core/db.ts'
import { fieldOf, tenantCondition } from '../../core/schema.ts'
import type { Screen } from '../screen.ts'
import { type School, selectionOf } from './selection.ts'

export interface Named {
  readonly title: string
  /** Of amounts of this record, where it says one itself. */
  readonly currency: string | undefined
}

/** Names of records by model and id, looked up together in one round trip. */
export class Names {
  readonly #wanted = new Map<string, Set<string>>()
  readonly #found = new Map<string, Named>()

  want(model: string, id: unknown): void {
    if (!isUuid(id)) return
    const ids = this.#wanted.get(model) ?? new Set()
    this.#wanted.set(model, ids.add(id.toLowerCase()))
  }

  get(model: string, id: unknown): Named | undefined {
    return this.#found.get(`${model} ${String(id).toLowerCase()}`)
  }

  /** Names a record that the database no longer has, or not yet. */
  set(model: string, id: string, named: Named): void {
    this.#found.set(`${model} ${id.toLowerCase()}`, named)
  }

  async look(ctx: Context, screens: ReadonlyMap<string, Screen>, school: School): Promise<void> {
    const lookups = [...this.#wanted].flatMap(([model, ids]) => {
      const screen = screens.get(model)
      return screen ? [{ screen, ids: [...ids], selection: selectionOf(screens, screen, currencyOf(screen)) }] : []
    })
    this.#wanted.clear()
    if (lookups.length === 0) return
    const queries = lookups.map(({ screen, ids, selection }): Query => {
      const { model } = screen
      const text = `SELECT ${selection.columns} FROM "${model.name}" b ${selection.joins} WHERE ${tenantCondition(model, 'b', '$1::uuid')} AND b.id = ANY ($2::uuid[])`
      return { text, values: [ctx.orgId, ids], prepared: true }
    })
    const answers = await ctx.db.select(ctx, queries)
    for (const [index, { screen, selection }] of lookups.entries()) {
      for (const values of answers[index]!) {
        const { id, title, params } = selection.read(values, school)
        this.set(screen.model.name, id, { title, currency: params.currency as string | undefined })
      }
    }
  }
}

const currencyOf = (screen: Screen) =>
  fieldOf(screen.model, 'currency') ? screen.properties.filter((one) => one.name === 'currency') : []
