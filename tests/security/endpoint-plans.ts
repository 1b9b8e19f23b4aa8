import { randomUUID } from 'node:crypto'
import { people } from '../../src/core/personal-data.ts'
import { auditors as auditorRoles } from '../../src/admin/audit/entries.ts'
import { queueNames } from '../../src/admin/board/queues.ts'
import type { Declaration } from '../../src/core/declaration.ts'
import { may } from '../../src/core/permissions.ts'
import { type Model, models, relationOf } from '../../src/core/schema.ts'
import type { Attack } from './cases.ts'
import { propertyName } from './expectations.ts'
import type { Stage } from './endpoint-stage.ts'
import { type Ask, jsonBody } from './wire.ts'

/** Where an endpoint is tried: by whom, and on which model where it is about one. */
export interface Place {
  readonly attack: Attack
  readonly model: Model
  readonly declaration: Declaration | undefined
  readonly stage: Stage
}

/** What there is to know about an endpoint to attack it. Every one of src/admin/endpoints/index.ts has one here. */
export interface EndpointPlan {
  /** Asks that work for whoever may; the first is what others are refused. */
  readonly own: (place: Place) => Ask[]
  /** The same question about what is another's, and about what is nowhere: whoever asks must not see a difference. */
  readonly foreign?: (place: Place) => (readonly [Ask, Ask])[]
  /** Parameters of the address, each of which gets everything that does not belong there. */
  readonly query?: readonly string[]
  /** Fields of the form, likewise. */
  readonly body?: readonly string[]
  /** Takes the query of a list: its filters, order, columns, tab and words. */
  readonly isList?: boolean
  /** Models of which an ask of one's own may leave rows behind. */
  readonly leaves?: readonly string[]
  /** Models that have it: all when nothing is said. */
  readonly on?: (place: Place) => boolean
}

const auditors: readonly string[] = auditorRoles

const panel = (rest: string): string => `/admin/api/panel/${rest}`
const post = (path: string, fields: unknown = {}): Ask => ({ path, method: 'POST', ...jsonBody(fields) })
const get = (path: string): Ask => ({ path })

const ownId = ({ attack, model }: Place): string => attack.actor.school.base[model.name]![0]!
const foreignId = ({ attack, model }: Place): string => attack.other.base[model.name]![0]!
const leftIn = ({ stage, attack }: Place) => stage.get(attack.actor.school)!
const leftElsewhere = ({ stage, attack }: Place) => stage.get(attack.other)!

/** An ask about each of these ids, beside the same about an id that is nowhere. */
const beside = (ids: readonly string[], ask: (id: string) => Ask): (readonly [Ask, Ask])[] =>
  ids.map((id) => [ask(id), ask(randomUUID())] as const)

const byRecord = (name: string, query = ''): Pick<EndpointPlan, 'own' | 'foreign'> => {
  const ask = (place: Place, id: string) => get(panel(`${name}/${place.model.name}/${id}${query}`))
  return {
    own: (place) => [ask(place, ownId(place))],
    foreign: (place) => beside([foreignId(place)], (id) => ask(place, id)),
  }
}

/** A list asked for what refers to another school's record is as empty as for one that is nowhere. */
const byForeignFilter =
  (ask: (place: Place, query: string) => Ask) =>
  (place: Place): (readonly [Ask, Ask])[] => {
    const names = (place.declaration?.filters?.relation ?? []) as readonly string[]
    const filters = place.model.fields.flatMap(({ name }) => {
      const property = propertyName(place.model, name)
      const target = relationOf(place.model, name)?.type
      return target && names.includes(property) ? [{ property, id: place.attack.other.base[target]![0]! }] : []
    })
    return filters.flatMap(({ property, id }) => beside([id], (one) => ask(place, `filters.${property}=${one}`)))
  }

const list = (method: 'GET' | 'POST', path: (model: string) => string): EndpointPlan => {
  const ask = (query: string) => (place: Place) => {
    const address = `${path(place.model.name)}${query === '' ? '' : `?${query}`}`
    return method === 'GET' ? get(address) : post(address)
  }
  return {
    own: (place) => [ask('')(place)],
    foreign: byForeignFilter((place, query) => ask(query)(place)),
    isList: true,
    query: ['page', 'perPage', 'sortBy', 'direction', 'cursor', 'scope', 'q', 'columns'],
  }
}

// the addresses of what can be done to several at once: AdminJS's own, and one that is nowhere
const matching = (method: 'GET' | 'POST'): EndpointPlan => {
  const ask = ({ model }: Place, query = '') => {
    const address = panel(`matching/${model.name}/bulkDelete?page=1${query}`)
    return method === 'GET' ? get(address) : post(address, { preview: true, key: randomUUID(), input: {} })
  }
  return {
    own: (place) => [ask(place)],
    foreign: byForeignFilter((place, query) => ask(place, `&${query}`)),
    isList: true,
    query: ['page', 'perPage', 'sortBy', 'direction', 'cursor', 'scope', 'q', 'columns', 'without'],
    body: method === 'POST' ? ['key', 'hash', 'input', 'preview'] : [],
    on: ({ attack, model }) => may(attack.actor.role, 'delete', model.name),
  }
}

const savedView = (rest: string): EndpointPlan => {
  const ask = ({ model }: Place, id: string) =>
    post(panel(`saved-views/${model.name}/${id}${rest}`), { name: 'planted' })
  return {
    // only the owner has one
    own: (place) => (place.attack.actor.role === 'owner' ? [ask(place, leftIn(place).views[place.model.name]!)] : []),
    foreign: (place) => {
      const { role } = place.attack.actor
      const colleagues = role === 'owner' ? [] : [leftIn(place).views[place.model.name]!]
      return beside([leftElsewhere(place).views[place.model.name]!, ...colleagues], (id) => ask(place, id))
    },
    body: rest === '' ? ['name', 'sharedWith', 'settings'] : [],
    leaves: ['SavedView', 'AuditLog'],
  }
}

const file: Pick<Ask, 'headers' | 'body'> = { headers: { 'content-type': 'text/csv' }, body: 'one,two\r\na,b\r\n' }

const anImport = (method: 'GET' | 'POST', rest: string, fields: object = {}): EndpointPlan => {
  const ask = ({ model }: Place, id: string) => {
    const path = panel(`import/${model.name}/${id}${rest}`)
    return method === 'GET' ? get(path) : post(path, fields)
  }
  return {
    own: () => [],
    foreign: (place) => {
      const { name } = place.model
      const isUploader = place.attack.actor.role === 'owner'
      // what is in a file that somebody chose is seen by nobody else: the others may see less of such records
      return beside(
        [leftElsewhere(place).imports[name]!, ...(isUploader ? [] : [leftIn(place).imports[name]!])],
        (id) => ask(place, id),
      )
    },
    body: Object.keys(fields),
    on: hasImport,
  }
}

const hasImport = ({ declaration }: Place): boolean => declaration?.import !== undefined

// days on which the schools of the tests have lessons
const board = (page: string, query: readonly string[]): EndpointPlan => ({
  own: () => ['', '2031-03-03', '2031-03-04'].map((day) => get(panel(`${page}?${query[0]}=${day}`))),
  query,
})

// a Sunday that stays what it is
const aDayOff = {
  dayOfWeek: 0,
  works: false,
  startTime: '09:00',
  endTime: '17:00',
  breakStartTime: null,
  breakEndTime: null,
  maxLessonsPerDay: null,
  travelBufferMin: 15,
}

/** By method and path, as in src/admin/endpoints. */
export const endpointPlans: Readonly<Record<string, EndpointPlan>> = {
  'POST /export/:model': { ...list('POST', (model) => panel(`export/${model}`)), leaves: ['AuditLog'] },
  'GET /list-counts/:model': list('GET', (model) => panel(`list-counts/${model}`)),
  'GET /matching/:model/:action': matching('GET'),
  'POST /matching/:model/:action': matching('POST'),
  'GET /runs/:id': {
    own: ({ attack: { actor } }) =>
      may(actor.role, 'read', 'ActionRun') ? [get(panel(`runs/${actor.school.base.ActionRun![0]!}`))] : [],
    foreign: ({ attack: { actor, other } }) =>
      beside(
        [...other.base.ActionRun!, ...(may(actor.role, 'read', 'ActionRun') ? [] : actor.school.base.ActionRun!)],
        (id) => get(panel(`runs/${id}`)),
      ),
  },
  // the school's own runs have not failed: tests/admin/actions-long.test.ts tries one that has
  'POST /runs/:id/again': {
    own: () => [],
    foreign: ({ attack: { other } }) => beside(other.base.ActionRun!, (id) => post(panel(`runs/${id}/again`))),
  },
  'GET /jobs': { own: ({ attack }) => (may(attack.actor.role, 'read', 'OutboxDelivery') ? [get(panel('jobs'))] : []) },
  'GET /approvals/count': { own: () => [get(panel('approvals/count'))] },
  'GET /approvals': { own: () => [get(panel('approvals'))] },
  'GET /saved-views/:model': { own: ({ model }) => [get(panel(`saved-views/${model.name}`))] },
  'POST /saved-views/:model': {
    own: ({ model, attack }) => [
      post(panel(`saved-views/${model.name}`), { name: `of ${attack.actor.role}`, settings: {} }),
    ],
    body: ['name', 'sharedWith', 'settings'],
    leaves: ['SavedView', 'AuditLog'],
  },
  'POST /saved-views/:model/:id': savedView(''),
  'POST /saved-views/:model/:id/delete': savedView('/delete'),
  'GET /find': {
    own: ({ attack }) => [get(panel(`find?q=${attack.actor.school.token}`))],
    foreign: ({ attack: { other } }) => [
      [get(panel(`find?q=${other.token}`)), get(panel(`find?q=nobody5d1e`))],
      ...beside([other.base.Student![0]!, other.base.Booking![0]!], (id) => get(panel(`find?q=${id}`))),
    ],
    query: ['q'],
  },
  'GET /timeline/:model/:id': { ...byRecord('timeline'), query: ['kinds', 'cursor'] },
  'GET /as-of/:model/:id': {
    ...byRecord('as-of', '?at=2026-01-01T10:00'),
    own: () => [],
    query: ['at'],
  },
  // what was never deleted is not there, whoever's it is
  'GET /deleted/:model/:id': { ...byRecord('deleted'), own: () => [] },
  'GET /related/:model/:id/:name': {
    own: (place) =>
      relatedNames(place).map((name) => get(panel(`related/${place.model.name}/${ownId(place)}/${name}`))),
    foreign: (place) =>
      relatedNames(place)
        .slice(0, 1)
        .flatMap((name) => beside([foreignId(place)], (id) => get(panel(`related/${place.model.name}/${id}/${name}`)))),
    query: ['page', 'cursor', 'sortBy', 'direction'],
    on: (place) => relatedNames(place).length > 0,
  },
  'GET /drives/:model/:id': {
    ...byRecord('drives'),
    // whoever looks at where a learner was is noted
    leaves: ['AuditLog'],
    on: ({ attack, model }) =>
      ['Lesson', 'Booking', 'Trip'].includes(model.name) && may(attack.actor.role, 'read', 'TripPoint'),
  },
  'GET /undo': {
    own: () => [],
    foreign: ({ attack }) => [[get(panel(`undo?request=${attack.other.token}`)), get(panel('undo?request=nothing'))]],
    query: ['request'],
  },
  'POST /undo': {
    own: () => [],
    foreign: ({ attack }) => [
      [post(panel('undo'), { request: attack.other.token }), post(panel('undo'), { request: 'nothing' })],
    ],
    body: ['request'],
  },
  'GET /money/today': { own: () => [get(panel('money/today'))] },
  'GET /money/disputes': { own: () => [get(panel('money/disputes'))] },
  'GET /money/reconciliation': { own: () => [get(panel('money/reconciliation'))] },
  'GET /money/gst': {
    own: () => [get(panel('money/gst')), get(panel('money/gst?quarter=2031-01'))],
    query: ['quarter'],
  },
  'POST /money/gst/export': { own: () => [post(panel('money/gst/export'))], query: ['quarter'], leaves: ['AuditLog'] },
  'POST /disputes/:id/evidence-pack': {
    own: ({ attack: { actor } }) => [post(panel(`disputes/${actor.school.base.Dispute![0]!}/evidence-pack`))],
    foreign: ({ attack: { other } }) =>
      beside([other.base.Dispute![0]!], (id) => post(panel(`disputes/${id}/evidence-pack`))),
    leaves: ['AuditLog'],
  },
  'GET /payout-balances': { own: () => [get(panel('payout-balances'))] },
  'GET /payout-standing/:id': {
    own: ({ attack: { actor } }) => [get(panel(`payout-standing/${actor.school.base.Payout![0]!}`))],
    foreign: ({ attack: { other } }) => beside(other.base.Payout!, (id) => get(panel(`payout-standing/${id}`))),
  },
  'GET /instructor-statement/:id': {
    own: ({ attack: { actor } }) => [get(panel(`instructor-statement/${actor.school.base.Instructor![0]!}`))],
    foreign: ({ attack: { other } }) =>
      beside(other.base.Instructor!, (id) => get(panel(`instructor-statement/${id}`))),
    query: ['from', 'to'],
  },
  'POST /instructor-statement/:id/file': {
    own: ({ attack: { actor } }) => [post(panel(`instructor-statement/${actor.school.base.Instructor![0]!}/file`))],
    foreign: ({ attack: { other } }) =>
      beside(other.base.Instructor!, (id) => post(panel(`instructor-statement/${id}/file`))),
    query: ['from', 'to'],
    leaves: ['AuditLog'],
  },
  'GET /audit': {
    own: () => [get(panel('audit'))],
    foreign: ({ attack: { actor, other } }) =>
      auditors.includes(actor.role)
        ? [
            ...beside([other.base.User![0]!], (id) => get(panel(`audit?actor=${id}`))),
            ...beside([other.base.Booking![0]!], (id) => get(panel(`audit?model=Booking&id=${id}`))),
            [get(panel(`audit?request=${other.token}`)), get(panel('audit?request=nothing'))],
          ]
        : [],
    query: ['actor', 'model', 'id', 'field', 'action', 'request', 'from', 'to', 'cursor'],
  },
  'GET /audit/request/:request': {
    own: () => [],
    foreign: ({ attack: { other } }) => [
      [get(panel(`audit/request/${other.token}`)), get(panel('audit/request/nothing'))],
    ],
  },
  'GET /visitors': { own: () => [get(panel('visitors'))] },
  'GET /access-review': { own: () => [get(panel('access-review'))], query: ['month'] },
  'POST /access-review/export': {
    own: () => [post(panel('access-review/export'))],
    query: ['month'],
    leaves: ['AuditLog'],
  },
  'POST /access-review/confirm': {
    own: () => [post(panel('access-review/confirm'))],
    query: ['month'],
    body: ['note'],
    leaves: ['AuditLog'],
  },
  // nothing is sealed in these schools
  'POST /audit/manifest': { own: () => [], leaves: ['AuditLog'] },
  'POST /audit/export': { own: () => [], query: ['format', 'upTo', 'actor', 'from'], leaves: ['AuditLog'] },
  'GET /privacy/retention': { own: () => [get(panel('privacy/retention'))] },
  'POST /privacy/retention': { own: () => [post(panel('privacy/retention'))], leaves: ['AuditLog'] },
  'POST /privacy/export/:model/:id': {
    own: (place) => [post(panel(`privacy/export/${place.model.name}/${ownId(place)}`))],
    foreign: (place) => beside([foreignId(place)], (id) => post(panel(`privacy/export/${place.model.name}/${id}`))),
    on: ({ model }) => people.some((one) => one === model.name),
    leaves: ['AuditLog'],
  },
  'POST /privacy/lessons': {
    own: () => [post(panel('privacy/lessons?from=2031-03-03&to=2031-03-04'))],
    query: ['from', 'to', 'student', 'instructor', 'vehicle'],
    leaves: ['AuditLog'],
  },
  'GET /today': board('today', ['day']),
  'GET /calendar': {
    ...board('calendar', ['from', 'days', 'instructor', 'cancelled']),
    foreign: ({ attack: { other } }) =>
      beside([other.base.Instructor![0]!], (id) => get(panel(`calendar?from=2031-03-03&days=7&instructor=${id}`))),
  },
  'GET /slots': {
    ...board('slots', ['service', 'instructor', 'location', 'student', 'transmission', 'from', 'to']),
    own: () => [get(panel('slots?from=2031-03-03'))],
    foreign: ({ attack: { other } }) =>
      ['Service', 'Instructor', 'Location', 'Student'].flatMap((model) =>
        beside([other.base[model]![0]!], (id) => get(panel(`slots?from=2031-03-03&${model.toLowerCase()}=${id}`))),
      ),
  },
  'GET /message-preview/:id': {
    own: ({ attack: { actor } }) =>
      may(actor.role, 'read', 'Message') ? [get(panel(`message-preview/${actor.school.base.Message![0]!}`))] : [],
    foreign: ({ attack: { actor, other } }) =>
      may(actor.role, 'read', 'Message')
        ? beside([other.base.Message![0]!], (id) => get(panel(`message-preview/${id}`)))
        : [],
  },
  'POST /template-preview': {
    own: ({ attack: { actor } }) =>
      may(actor.role, 'read', 'MessageTemplate')
        ? [
            post(panel('template-preview'), {
              key: 'booking_confirmed',
              channel: 'email',
              subject: 'a',
              text: '{{name}}',
            }),
          ]
        : [],
    body: ['key', 'channel', 'subject', 'text'],
  },
  'GET /queues': { own: () => [get(panel('queues'))] },
  'GET /queues/:name': {
    own: () => queueNames.map((name) => get(panel(`queues/${name}`))),
  },
  'GET /working-week/:id': {
    own: ({ attack: { actor } }) => [get(panel(`working-week/${actor.school.base.Instructor![0]!}`))],
    foreign: ({ attack: { other } }) => beside([other.base.Instructor![0]!], (id) => get(panel(`working-week/${id}`))),
  },
  'POST /working-week/:id': {
    own: ({ attack: { actor } }) => [
      post(panel(`working-week/${actor.school.base.Instructor![0]!}`), { days: [aDayOff] }),
    ],
    foreign: ({ attack: { other } }) =>
      beside([other.base.Instructor![0]!], (id) => post(panel(`working-week/${id}`), { days: [aDayOff] })),
    body: ['days', 'agreed'],
    leaves: ['InstructorWorkingHours', 'AuditLog'],
  },
  'GET /import/:model': { own: ({ model }) => [get(panel(`import/${model.name}`))], on: hasImport },
  'POST /import/:model': {
    own: ({ model }) => [{ path: panel(`import/${model.name}?name=a.csv`), method: 'POST', ...file }],
    query: ['name'],
    leaves: ['DataImport', 'DataImportRow', 'AuditLog'],
    on: hasImport,
  },
  'GET /import/:model/:id': anImport('GET', ''),
  'POST /import/:model/:id/check': anImport('POST', '/check', { mapping: [] }),
  'POST /import/:model/:id/start': anImport('POST', '/start'),
  'GET /import/:model/:id/refused': anImport('GET', '/refused'),
  'GET /import-rows/:id': {
    own: ({ attack: { actor } }) =>
      may(actor.role, 'read', 'DataImport') ? [get(panel(`import-rows/${actor.school.base.DataImport![0]!}`))] : [],
    foreign: ({ attack: { other } }) => beside(other.base.DataImport!, (id) => get(panel(`import-rows/${id}`))),
    query: ['after'],
  },
}

/** The related lists that the role sees. */
function relatedNames({ declaration, model, attack }: Place): string[] {
  return Object.keys(declaration?.related ?? {}).filter((name) => {
    const target = model.fields.find((field) => field.name === name)?.type
    return target !== undefined && models.has(target) && may(attack.actor.role, 'read', target)
  })
}
