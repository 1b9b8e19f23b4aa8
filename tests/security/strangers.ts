import { type Model, fieldOf, models } from '../../src/core/schema.ts'
import { type Attack, type Case, api, listOf, record, refused } from './cases.ts'
import { propertyName } from './expectations.ts'
import { type Actor, jsonOf } from './oracles.ts'
import { type Answer, type Ask, jsonBody } from './wire.ts'

/** What would work for an owner: reading, and writing each way, on rows of their own school. */
function whatWorks(school: Attack['actor']['school'], model: Model): Ask[] {
  const own = school.made[model.name]![0]!
  return [
    { path: listOf(model) },
    { path: record(model.name, own, 'show') },
    { path: record(model.name, own, 'edit'), method: 'POST', ...jsonBody({ notes: 'changed', name: 'changed' }) },
    { path: record(model.name, own, 'delete'), method: 'POST' },
    { path: api(model.name, `bulk/bulkDelete?recordIds=${own}`), method: 'POST' },
    { path: api(model.name, 'actions/new'), method: 'POST', ...jsonBody({ name: 'new' }) },
  ]
}

/** Somebody who is not signed in gets nothing and changes nothing. */
export function anonymous({ actor }: Attack, model: Model): Case[] {
  const nobody: Actor = { name: 'nobody', role: null, school: null, cookie: '' }
  const forger: Actor = { ...nobody, name: 'a forger', cookie: 'driveflow-80=s%3Aforged.AAAA' }
  const page = { path: `/admin/resources/${model.name}`, headers: { accept: 'text/html' } }
  const signedOut = (answer: Answer) =>
    answer.status === 401 || answer.status === 303 ? null : `is answered ${answer.status} to nobody`
  return [...whatWorks(actor.school, model), page].flatMap((ask) =>
    [nobody, forger].map((who) => ({ actor: who, ask, wants: signedOut })),
  )
}

const elsewhere: readonly Record<string, string>[] = [
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example.test' },
  { 'sec-fetch-site': '', origin: 'https://evil.example.test' },
  { 'sec-fetch-site': '', origin: 'null' },
]

/** Another website makes the browser of an owner send what the owner could send. */
export function crossSite({ actor }: Attack, model: Model): Case[] {
  const effects = whatWorks(actor.school, model).filter(({ method }) => method === 'POST')
  return effects.flatMap((ask, n) =>
    elsewhere
      .filter((_, index) => (index + n) % 2 === 0)
      .map((headers) => ({ actor, ask: { ...ask, headers: { ...ask.headers, ...headers } }, wants: refused })),
  )
}

/** Methods that AdminJS would take for any action. */
export function methods({ actor }: Attack, model: Model): Case[] {
  const own = actor.school.made[model.name]![0]!
  const paths = [record(model.name, own, 'delete'), api(model.name, `bulk/bulkDelete?recordIds=${own}`), listOf(model)]
  const override = { 'x-http-method-override': 'DELETE', 'x-http-method': 'DELETE' }
  return [
    ...paths.flatMap((path) =>
      ['HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'].map((method) => ({
        actor,
        ask: { path, method },
        wants: (answer: Answer) => (answer.status === 405 ? null : `is answered ${answer.status} to ${method}`),
      })),
    ),
    { actor, ask: { path: record(model.name, own, 'delete'), headers: override }, wants: refused },
    { actor, ask: { path: `${record(model.name, own, 'delete')}?_method=POST` }, wants: refused },
  ]
}

/** Ways to spell an address of which AdminJS, or a proxy, would make the same. */
export function spellings({ actor }: Attack, model: Model): Case[] {
  const { name } = model
  const own = actor.school.made[name]![0]!
  const paths = [
    `/ADMIN/api/resources/${name}/actions/list`,
    `/Admin/api/resources/${name}/records/${own}/show`,
    `/admin/API/resources/${name}/actions/list`,
    `/admin/Api/resources/${name}/records/${own}/delete`,
    `/admin/api/RESOURCES/${name}/actions/list`,
    `/admin/api/resources/${name.toUpperCase()}/actions/list`,
    `/admin/api/resources/${name}/ACTIONS/list`,
    `/admin/api/resources/${name}/actions/LIST`,
    `/admin/api/resources/${name}/records/${own}/Show`,
    `/admin/api/resources/${name}/BULK/bulkDelete?recordIds=${own}`,
    `/admin//api/resources/${name}/actions/list`,
    `//admin/api/resources/${name}/actions/list`,
    `/admin/./api/resources/${name}/actions/list`,
    `/%61dmin/api/resources/${name}/actions/list`,
    `/admin/%61pi/resources/${name}/actions/list`,
    `/admin/api/resources/${name}/actions/%6cist`,
    `/admin/api/resources/${name}/actions/list%00`,
    `/admin/api/resources/${name}/actions/list;a=b`,
    `/admin/api/resources/${name}/actions/list//`,
    `/admin/api/resources/${name}%2Factions/list`,
    `/admin/api/resources/Nothing/../${name}/actions/list`,
    `/admin/api/resources/${name}/records/${own}%2F..%2F${own}/show`,
    `/admin/api/resources/${name}/records/${own}/show/show`,
    `/admin\\api\\resources\\${name}`,
  ]
  const nobody: Actor = { name: 'nobody', role: null, school: null, cookie: '' }
  const place = [...models.keys()].indexOf(name)
  const share = paths.filter((_, n) => (place + n) % 3 === 0)
  return share.flatMap((path, n) => {
    const method = (place + n) % 2 === 0 ? 'GET' : 'POST'
    const ask: Ask = method === 'GET' ? { path } : { path, method, ...jsonBody({}) }
    return [
      { actor, ask, wants: refused },
      { actor: nobody, ask, wants: (answer: Answer) => (answer.status === 303 ? null : refused(answer)) },
    ]
  })
}

/** The data of the role's pages, at `path`: models and fields that the role does not see are not in it either. */
export function metadata({ actor, expected }: Attack, path: string, seen: (model: string) => boolean): Case {
  const own = (model: Model) =>
    new Set(['id', ...expected.readable(actor.role, model).map(({ name }) => propertyName(model, name))])
  const allows = (model: Model, name: string): boolean => {
    const [relation, column] = name.split('.') as [string, string?]
    if (column === undefined) return own(model).has(name)
    // `student.phone`: of a record that it refers to, where the role reads that field in full
    const target = models.get(fieldOf(model, relation)?.type ?? '')
    if (!target || !seen(target.name) || !own(model).has(relation)) return false
    const isMasked = expected.masked(actor.role, target).some((field) => field.name === column)
    return own(target).has(column) && !isMasked
  }
  const problems = (answer: Answer) => {
    const state = stateIn(answer.text)
    if (!state) return ['has no state of the page']
    const strange = state.resources.filter(({ id }) => !seen(id)).map(({ id }) => `page names the hidden model ${id}`)
    const words = Object.entries(state.locale.translations.en.resources ?? {})
    const fields = [
      ...state.resources.map(({ id, properties }) => [id, properties] as const),
      ...words.filter(([id]) => models.has(id)).map(([id, { properties = {} }]) => [id, properties] as const),
    ]
    return [
      ...strange,
      ...words.filter(([id]) => models.has(id) && !seen(id)).map(([id]) => `page has words for the hidden model ${id}`),
      ...fields.flatMap(([id, properties]) =>
        Object.keys(properties)
          .filter((name) => !allows(models.get(id)!, name))
          .map((name) => `page names the hidden ${id}.${name}`),
      ),
    ]
  }
  return { actor, ask: { path, headers: { accept: '*/*' } }, wants: (answer) => problems(answer).join('; ') || null }
}

interface PageState {
  resources: { id: string; properties: Record<string, unknown> }[]
  locale: { translations: { en: { resources?: Record<string, { properties?: Record<string, unknown> }> } } }
}

function stateIn(script: string): PageState | null {
  const text = /window\.REDUX_STATE = (\{.*?\});\s*window\.THEME/s.exec(script)?.[1]
  return text === undefined ? null : (JSON.parse(text) as PageState)
}

/** The session is over: nothing is read and nothing written with it. */
export function overWith(actor: Actor, school: Attack['actor']['school'], model: Model): Case[] {
  const over = (answer: Answer) =>
    answer.status === 401 && jsonOf(answer) !== null ? null : `is answered ${answer.status} after the session`
  return whatWorks(school, model).map((ask) => ({ actor, ask, wants: over }))
}
