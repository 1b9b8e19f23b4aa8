import type { Action } from '../action.ts'
import { MOST_RECORDS } from '../action.ts'
import { type FormField, fieldsOf } from '../action-form.ts'
import { type PanelRole, decide, panelRoles } from '../permissions.ts'
import { models } from '../schema.ts'

interface Found {
  readonly file: string
  readonly value: Action
}

/** AdminJS's own, and what the audit log calls changes of a record. */
const TAKEN = ['list', 'search', 'show', 'new', 'edit', 'delete', 'bulkDelete', 'create', 'update']

/** What is wrong with the actions of src/actions, all at once. */
export function actionGaps(found: readonly Found[]): string[] {
  return [...found.flatMap(gapsOf), ...sharedNames(found)]
}

function gapsOf({ file, value }: Found): string[] {
  const here = `src/actions/${file}`
  const { name, model, may, approval, atMost } = value
  if (!/^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/.test(name))
    return [`${here} is called ${name}: an action is called like student.archive`]
  if (!models.has(model)) return [`${here} is about ${model}, which is no model`]
  return [
    ...(words(file.replace(/\.ts$/, '')) === words(name)
      ? []
      : [`${here} holds ${name}: call the file by the same words, like ${name.split('.').toReversed().join('-')}.ts`]),
    ...(TAKEN.includes(addressIn(name))
      ? [`${here} is called ${name}, but ${addressIn(name)} means something already`]
      : []),
    ...(may.length === 0 ? [`${here} may be done by nobody`] : []),
    ...strangers(here, may),
    ...may.filter(known).flatMap((role) => blind(here, role, model)),
    ...strangers(here, approval?.by ?? []),
    ...(approval?.by ?? []).filter(known).flatMap((role) => blind(here, role, 'ActionRun')),
    ...(atMost !== undefined && !(atMost >= 1 && atMost <= MOST_RECORDS)
      ? [`${here} is done to ${atMost} records at once: say 1 to ${MOST_RECORDS}`]
      : []),
    ...formGaps(here, value),
  ]
}

const known = (role: PanelRole): boolean => panelRoles.includes(role)

const strangers = (here: string, roles: readonly PanelRole[]): string[] =>
  roles.filter((role) => !known(role)).map((role) => `${here} names ${role}, which is no role of the panel`)

const blind = (here: string, role: PanelRole, model: string): string[] =>
  decide(role, 'read', model).allowed ? [] : [`${here} names ${role}, who does not see ${model}`]

function formGaps(here: string, action: Action): string[] {
  try {
    return fieldsOf(action).flatMap((field) => referenceGaps(here, action, field))
  } catch (error) {
    return [`${here}: ${(error as Error).message}`]
  }
}

function referenceGaps(here: string, { may }: Action, { name, references }: FormField): string[] {
  if (references === undefined) return []
  if (!models.has(references)) return [`${here} asks in "${name}" for ${references}, which is no model`]
  return may
    .filter((role) => known(role) && !decide(role, 'read', references).allowed)
    .map((role) => `${here} asks in "${name}" for ${references}, which ${role} does not see`)
}

function sharedNames(found: readonly Found[]): string[] {
  const by = new Map<string, string[]>()
  for (const { file, value } of found) {
    const address = `${value.model}/${addressIn(value.name)}`
    for (const key of new Set([address, value.name])) by.set(key, [...(by.get(key) ?? []), file])
  }
  return [...by]
    .filter(([, files]) => files.length > 1)
    .map(([key, files]) => `${files.map((file) => `src/actions/${file}`).join(' and ')} are both at ${key}`)
}

const addressIn = (name: string): string => name.slice(name.indexOf('.') + 1)

const words = (name: string): string => name.split(/[.-]/).toSorted().join(' ')
