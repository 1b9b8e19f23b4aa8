import type { ActionForm, Values } from './types.ts'

/** What is known before the form is opened: shown in short, and still to be changed. */
export interface Given {
  values: Values
  /** Names of the records that are chosen, by field. */
  titles?: Record<string, string>
  /** All of it in words: "One hour with Ines Okafor, Tue 24 Nov, 15:30". */
  summary: string
  /** Fields to ask for besides those that are needed. */
  ask?: readonly string[]
}

/** The form with what is given filled in. */
export function withGiven(form: ActionForm, given: Given | undefined): ActionForm {
  if (!given) return form
  const { values, titles = {}, summary, ask = [] } = given
  const fields = form.fields.map((field) => {
    const { name } = field
    if (!(name in values)) return field
    return { ...field, custom: { ...field.custom, initial: values[name], title: titles[name] } }
  })
  const first = fields.filter(({ name, isRequired }) => ask.includes(name) || (isRequired && !(name in values)))
  return { ...form, fields, short: { summary, first: first.map(({ name }) => name) } }
}

/** The records that are chosen already, as the controls of references know them. */
export const titlesIn = ({ fields }: ActionForm): Record<string, { id: string; title: string }> =>
  Object.fromEntries(
    fields.flatMap(({ name, custom }) => {
      const { initial, title } = custom as { initial?: unknown; title?: string }
      return title === undefined ? [] : [[name, { id: String(initial), title }] as const]
    }),
  )
