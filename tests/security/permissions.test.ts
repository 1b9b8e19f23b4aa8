import { expect, it } from 'vitest'
import { endpoints } from '../../src/admin/endpoints/index.ts'
import { buildScreens } from '../../src/admin/screen.ts'
import type { Action } from '../../src/core/action.ts'
import type { Declaration } from '../../src/core/declaration.ts'
import { discover } from '../../src/core/discover.ts'
import { type Operation, decide, may, panelRoles } from '../../src/core/permissions.ts'
import { areas, models } from '../../src/core/schema.ts'
import { SECRETS } from './expectations.ts'

const operations: Operation[] = ['read', 'new', 'edit', 'delete']
const all = [...models.values()]

/** `rned`, with a dot for what the role may not. */
const rights = (role: (typeof panelRoles)[number], model: string): string =>
  operations.map((operation) => (may(role, operation, model) ? operation.charAt(0) : '·')).join('')

async function table(): Promise<string> {
  const screens = buildScreens((await discover<Declaration>('resources')).map(({ value }) => value))
  const width = Math.max(...all.map(({ name }) => name.length)) + 4
  const line = (first: string, cells: readonly string[]) =>
    `${first.padEnd(width)}${cells.map((cell) => cell.padEnd(12)).join('')}`.trimEnd()
  const rows = Object.entries(areas).flatMap(([area, label]) => [
    '',
    label,
    ...all
      .filter((model) => model.area === area)
      .toSorted((a, b) => a.name.localeCompare(b.name))
      .map(({ name }) =>
        line(
          `  ${name}`,
          panelRoles.map((role) => rights(role, name)),
        ),
      ),
  ])
  const fields = all
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .flatMap(({ name, fields }) => {
      const properties = screens.get(name)!.properties
      const readBySome = new Set(properties.filter(({ readers }) => readers.size > 0).map(({ column }) => column))
      const concealed = fields.filter((field) => field.kind !== 'object' && !readBySome.has(field.name))
      const limited = properties.filter(({ readers }) => readers.size > 0 && readers.size < panelRoles.length)
      const writable = properties.filter((one) => one.writable).map((one) => one.name)
      const lockable = properties.filter(({ lockedWhen, lockedBy }) => lockedWhen || lockedBy).map((one) => one.name)
      const isWritten = panelRoles.some((role) => may(role, 'new', name) || may(role, 'edit', name))
      return [
        '',
        name,
        `  nobody sees  ${concealed.map((field) => field.name).join(', ') || '·'}`,
        ...limited.map((one) => `  only ${[...one.readers].join(', ')}  ${one.name}`),
        ...properties
          .filter(({ maskedFor }) => maskedFor.size > 0)
          .map((one) => `  masked for ${[...one.maskedFor].join(', ')}  ${one.name}`),
        ...(isWritten ? [`  forms write  ${writable.join(', ')}`] : []),
        ...(isWritten
          ? properties
              .filter(({ writers }) => writers.size < panelRoles.length)
              .map((one) => `  of these only ${[...one.writers].join(', ')}  ${one.name}`)
          : []),
        ...(screens.get(name)!.imports
          ? [`  imported by  ${panelRoles.filter((role) => may(role, 'import', name)).join(', ')}`]
          : []),
        ...(lockable.length > 0 ? [`  at times locked  ${lockable.join(', ')}`] : []),
      ]
    })
  const found = (await discover<Action>('actions')).map(({ value }) => value)
  const actions = found
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .flatMap(({ name, on, may: doers, reauth, approval, form }) => [
      `  ${name.padEnd(26)}${on.padEnd(10)}${doers.join(', ')}`,
      ...(form ? [`    asks for  ${Object.keys(form.shape).join(', ')}`] : []),
      ...(reauth ? ['    asks for the password again'] : []),
      ...(approval ? [`    somebody else agrees${approval.when ? ', at times' : ''}: ${approval.by.join(', ')}`] : []),
    ])
  const addresses = endpoints.map(({ method, path, operation, roles }) => {
    const needed = path.includes(':model')
      ? `who may ${operation === 'new' ? 'add to' : operation === 'import' ? 'import into' : (operation ?? 'read')} the model`
      : 'everybody'
    return `  ${method.padEnd(5)}${path.padEnd(32)}${roles ? roles.join(', ') : needed}`
  })
  return [
    'Who may do what: r read, n add, e change, d delete, · not. Instructors and students have no panel.',
    '',
    line('', panelRoles),
    ...rows,
    '',
    'Actions: what they are done to, and who may',
    '',
    ...actions,
    '',
    'Addresses beside the lists and records, and who is answered',
    '',
    ...addresses,
    '',
    'What of it is shown and written. Columns that are not named are seen by everybody who may read the model.',
    ...fields,
    '',
  ].join('\n')
}

it('gives each role the rights that are written down', async () => {
  await expect(await table()).toMatchFileSnapshot('permissions.snapshot.txt')
})

it('says with every refusal which rule refused, in a sentence', () => {
  const roles = [...panelRoles, 'instructor', 'student'] as const
  const decisions = all.flatMap(({ name }) =>
    roles.flatMap((role) => operations.map((operation) => ({ role, name, ...decide(role, operation, name) }))),
  )
  const denied = decisions.filter(({ allowed }) => !allowed)
  expect(denied.length).toBeGreaterThan(500)
  const dumb = denied.filter(
    ({ role, rule }) => !/^[A-Z].{15,}\.$/.test(rule) || !(rule.includes(role) || rule.startsWith('Nobody')),
  )
  expect(dumb).toEqual([])
})

it('gives instructors and students nothing', () => {
  const given = all.flatMap(({ name }) =>
    (['instructor', 'student'] as const).flatMap((role) =>
      operations.filter((operation) => may(role, operation, name)),
    ),
  )
  expect(given).toEqual([])
})

it('lets nobody do to a model what they may not even see', () => {
  const blind = all.flatMap(({ name }) =>
    panelRoles
      .filter((role) => !may(role, 'read', name))
      .flatMap((role) =>
        operations.filter((operation) => may(role, operation, name)).map((one) => `${role} ${one} ${name}`),
      ),
  )
  expect(blind).toEqual([])
})

it('has forms for nothing that is a secret, an id, the school, or counted by the program', async () => {
  const screens = buildScreens((await discover<Declaration>('resources')).map(({ value }) => value))
  const open = [...screens.values()].flatMap(({ model, properties }) =>
    properties.filter(({ writable }) => writable).map(({ column }) => `${model.name}.${column}`),
  )
  const never = /\.(id|orgId|createdAt|updatedAt|version|seq|platformRole|externalId|lastLoginAt)$/
  expect(open.filter((place) => SECRETS.has(place) || never.test(place))).toEqual([])
})

it('takes from a form no id that nothing checks', async () => {
  const screens = buildScreens((await discover<Declaration>('resources')).map(({ value }) => value))
  const hasForm = (model: string) => panelRoles.some((role) => may(role, 'new', model) || may(role, 'edit', model))
  const forms = [...screens.values()].filter(({ model }) => hasForm(model.name))
  const loose = forms.flatMap(({ model, properties }) =>
    properties.filter(({ writable, kind }) => writable && kind === 'id').map(({ column }) => `${model.name}.${column}`),
  )
  expect(loose).toEqual([])
})
