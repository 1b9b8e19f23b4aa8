import type { Offers } from '../../admin/lists/offers.ts'
import type { Property, Screen } from '../../admin/screen.ts'
import type { Action } from '../../core/action.ts'
import type { Declaration } from '../../core/declaration.ts'
import { type Operation, type PanelRole, may, panelRoles } from '../../core/permissions.ts'

interface About {
  readonly declaration: Declaration | undefined
  readonly actions: readonly Action[]
}

/** One resource. */
export function sectionOf(screen: Screen, { declaration, actions }: About): string {
  const { model } = screen
  const title = screen.title.length > 0 ? screen.title.join(' · ') : 'its kind and the end of its id'
  return [
    `## ${model.name}`,
    '',
    [`**${screen.label}**`, sentence(model.documentation)].filter(Boolean).join(': '),
    '',
    `- Who may: ${rightsOf(model.name)}`,
    `- A record is called: ${title}`,
    `- List: ${screen.list.join(', ')}; by ${screen.sort.by}, ${screen.sort.direction === 'asc' ? 'ascending' : 'descending'}`,
    ...listed(
      'Sorts also by',
      [...screen.sortable].filter((name) => name !== 'id' && name !== screen.sort.by),
    ),
    ...offersOf(screen.offers),
    ...recordOf(declaration),
    '',
    '| field | is | who |',
    '|---|---|---|',
    ...screen.properties.map((property) => `| ${property.name} | ${whatOf(property)} | ${whoOf(screen, property)} |`),
    ...(actions.length > 0
      ? ['', '| action | on | who | needs |', '|---|---|---|---|', ...actions.map((action) => rowOf(action))]
      : []),
  ].join('\n')
}

const verbs: Readonly<Partial<Record<Operation, string>>> = { read: 'read', new: 'add', edit: 'edit', delete: 'delete' }

function rightsOf(model: string): string {
  const rights = Object.entries(verbs).flatMap(([operation, verb]) => {
    const roles = panelRoles.filter((role) => may(role, operation as Operation, model))
    return roles.length > 0 ? [`${verb} ${everybodyOr(roles)}`] : []
  })
  return rights.join('; ')
}

const everybodyOr = (roles: readonly PanelRole[]): string =>
  roles.length === panelRoles.length ? 'everybody' : roles.join(', ')

const listed = (what: string, names: readonly string[]): string[] =>
  names.length > 0 ? [`- ${what}: ${names.join(', ')}`] : []

function offersOf({ range, multi, flag, null: empty, relation, search, scopes }: Offers): string[] {
  const filters = [
    ['from and to', range],
    ['one or several', multi],
    ['yes or no', flag],
    ['empty or not', empty],
    ['a record', relation],
  ] as const
  const said = filters.flatMap(([what, names]) => (names.length > 0 ? [`${what} (${names.join(', ')})`] : []))
  return [
    ...listed(
      'Tabs of the list',
      scopes.map(({ label }) => label),
    ),
    ...(said.length > 0 ? [`- Filters: ${said.join('; ')}`] : []),
    ...listed('Search in', search),
  ]
}

function recordOf(declaration: Declaration | undefined): string[] {
  const tabs = Object.entries((declaration?.tabs ?? {}) as Record<string, readonly string[]>)
  const { columns = [], match = [] } = (declaration?.import ?? {}) as {
    columns?: readonly string[]
    match?: readonly string[]
  }
  return [
    ...tabs.map(([tab, names]) => `- Tab "${tab}": ${names.join(', ')}`),
    ...listed('Related lists', Object.keys(declaration?.related ?? {})),
    ...listed('Links', Object.keys(declaration?.links ?? {})),
    ...listed(`Import${match.length > 0 ? `, matched by ${match.join(' and ')}` : ''}`, columns),
  ]
}

const kinds: Readonly<Record<Property['kind'], string>> = {
  money: 'amount (cents)',
  datetime: 'instant',
  date: 'day',
  json: 'JSON',
  enum: 'choice',
  reference: 'reference',
  minutes: 'minutes',
  basisPoints: 'percentage (basis points)',
  text: 'text',
  number: 'number',
  decimal: 'exact number',
  boolean: 'yes or no',
  longText: 'long text',
  time: 'time of day',
  id: 'id',
}

function whatOf(property: Property): string {
  const kind = property.references ? `→ ${property.references}` : kinds[property.kind]
  const help = sentence(property.field.documentation)
  return `${property.label}: ${kind}${property.required ? ', needed' : ''}${help ? `. ${help}` : ''}`.replaceAll(
    '|',
    '\\|',
  )
}

/** Only what differs from the rights on the resource. */
function whoOf({ model }: Screen, { readers, writers, maskedFor, writable, lockedWhen, lockedBy }: Property): string {
  const seeing = panelRoles.filter((role) => may(role, 'read', model.name))
  const changing = seeing.filter((role) => may(role, 'edit', model.name) || may(role, 'new', model.name))
  const some = (all: readonly PanelRole[], which: ReadonlySet<PanelRole>) => all.filter((role) => which.has(role))
  const shown = some(seeing, readers)
  const changed = some(changing, writers)
  const masked = some(shown, maskedFor)
  return [
    ...(shown.length < seeing.length ? [`only ${shown.join(', ')}`] : []),
    ...(masked.length > 0 ? [`masked for ${masked.join(', ')}`] : []),
    ...(changing.length > 0 && !writable ? ['read only'] : []),
    ...(writable && changed.length < changing.length ? [`changed by ${changed.join(', ') || 'nobody'}`] : []),
    ...(lockedWhen || lockedBy ? ['locked at times'] : []),
  ].join('; ')
}

function rowOf({ name, label, on, may: roles, form, reauth, approval, long }: Action): string {
  const needs = [
    ...(form ? [Object.keys(form.shape).join(', ')] : []),
    ...(reauth ? ['the password again'] : []),
    ...(approval ? [`the agreement of ${approval.by.join(' or ')}`] : []),
    ...(long ? ['the worker'] : []),
  ]
  return `| \`${name}\` ${label} | ${on} | ${everybodyOr(roles)} | ${needs.join('; ')} |`
}

const sentence = (text: string | undefined): string => (text ?? '').replaceAll(/\s+/g, ' ').trim()
