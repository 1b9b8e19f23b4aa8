import { type Action, action } from '../../core/action.ts'
import { discover } from '../../core/discover.ts'
import { modelLabel } from '../../core/labels.ts'
import { type PanelRole, may, panelRoles } from '../../core/permissions.ts'
import { modelOf, models } from '../../core/schema.ts'
import { type FormField, fieldsOf } from '../../core/action-form.ts'

/** An action as the panel offers it: its place in the addresses, and its form. */
export interface Offered {
  /** `archive-inactive` of `student.archive-inactive`. */
  readonly address: string
  readonly action: Action
  readonly fields: readonly FormField[]
}

/** AdminJS's own name for deleting several records at once. */
export const DELETION = 'bulkDelete'

/** Every action there is, by its name and by the model that it belongs to. */
export class Catalogue {
  readonly #byName: ReadonlyMap<string, Offered>
  readonly #byAddress: ReadonlyMap<string, Offered>

  constructor(actions: readonly Action[]) {
    this.#byName = new Map(
      actions.map((one) => [one.name, { address: addressOf(one.name), action: one, fields: fieldsOf(one) }]),
    )
    this.#byAddress = new Map([...this.#byName.values()].map((one) => [`${one.action.model}/${one.address}`, one]))
  }

  /** What a role may do with a model; deleting is one of it. */
  offered(role: PanelRole, model: string): readonly Offered[] {
    const own = [...this.#byName.values()].filter(({ action }) => action.model === model && action.may.includes(role))
    return may(role, 'delete', model) ? [...own, deletionOf(model)] : own
  }

  /** What is at an address of a model, for a role that may do it. */
  at(role: PanelRole, model: string, address: string): Offered | undefined {
    const found = this.#byAddress.get(`${model}/${address}`)
    return found?.action.may.includes(role) ? found : undefined
  }

  named(name: string): Offered | undefined {
    const deleted = [...models.keys()].find((model) => name === deletionName(model))
    return deleted === undefined ? this.#byName.get(name) : deletionOf(deleted)
  }

  /** What the audit log calls them: "Student archived". */
  words(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      [...this.#byName.values()].map(({ action: { name, model, label, done } }) => [
        name,
        done ? `${modelLabel(model)} ${done}` : label,
      ]),
    )
  }
}

/** `student.archive-inactive` is at `archive-inactive`: what comes after the model's name. */
export const addressOf = (name: string): string => name.slice(name.indexOf('.') + 1)

/** The actions of src/actions. */
export async function loadCatalogue(): Promise<Catalogue> {
  const found = await discover<Action>('actions')
  return new Catalogue(found.map(({ value }) => value))
}

const deletionName = (model: string): string => `${model.charAt(0).toLowerCase()}${model.slice(1)}.delete`

/** Deleting as an action like others: what refers to a record is told before, and all go or none. */
function deletionOf(model: string): Offered {
  const { name } = modelOf(model)
  const deletion = action(deletionName(name), {
    model: name as Action['model'],
    on: 'bulk',
    may: panelRoles.filter((role) => may(role, 'delete', name)),
    label: 'Delete',
    done: 'deleted',
    danger: true,
    run: async ({ tx }, { record }) => {
      await tx.$executeRawUnsafe(`DELETE FROM "${name}" WHERE id = $1::uuid`, (record as { id: string }).id)
    },
  })
  return { address: DELETION, action: deletion, fields: [] }
}
