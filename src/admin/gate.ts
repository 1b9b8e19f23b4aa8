import type { RequestHandler } from 'express'
import { isUuid } from '../core/context.ts'
import { forbidden, invalid, notFound } from '../core/errors.ts'
import { type Operation, type PanelRole, decide } from '../core/permissions.ts'
import type { Catalogue } from './actions/catalogue.ts'
import { ONLY_LOOKING, isOnlyLooking } from './operator.ts'
import { isPageFor } from './pages/pages.ts'
import type { Screen } from './screen.ts'

type Shape = 'resource' | 'record' | 'bulk'

interface Rule {
  readonly shape: Shape
  readonly operation: Operation
  /** How the interface's data is asked for. What has an effect is POST only. */
  readonly methods: readonly ('GET' | 'POST')[]
}

/** Every action there is. What is not here does not exist, whatever AdminJS would make of the address. */
const rules: Readonly<Record<string, Rule>> = {
  list: { shape: 'resource', operation: 'read', methods: ['GET'] },
  search: { shape: 'resource', operation: 'read', methods: ['GET'] },
  show: { shape: 'record', operation: 'read', methods: ['GET'] },
  new: { shape: 'resource', operation: 'new', methods: ['POST'] },
  // a page alone: what it asks for has addresses of its own
  import: { shape: 'resource', operation: 'import', methods: [] },
  edit: { shape: 'record', operation: 'edit', methods: ['GET', 'POST'] },
  delete: { shape: 'record', operation: 'delete', methods: ['POST'] },
  bulkDelete: { shape: 'bulk', operation: 'delete', methods: ['GET', 'POST'] },
}

const MAX_SELECTED = 500

interface Address {
  readonly isApi: boolean
  readonly model: string
  readonly action: string
  readonly shape: Shape
  readonly id: string | undefined
}

/**
 * Stands before AdminJS: lets through only the addresses, methods and actions that exist, in the shape that the action
 * has, for models and operations that the role may. Case counts, unlike in AdminJS's own routes.
 * @throws AppError NotFound, Forbidden or Invalid with a sentence
 */
export function gate(screens: ReadonlyMap<string, Screen>, catalogue: Catalogue): RequestHandler {
  return (req, res, next) => {
    const path = req.path.replace(/\/$/, '')
    if (path === '/admin') return req.method === 'GET' ? next() : next(notFound('There is no such page.'))
    // whoever asks for anything else may be nobody yet
    if (!path.startsWith('/admin/')) throw notFound('There is no such page.')
    const { role, access } = res.locals.identity
    if (isPageFor(role as PanelRole, path) && req.method === 'GET') return next()
    const address = parseAddress(path)
    const rule = address && (stockRule(address.action) ?? ownRule(catalogue, role as PanelRole, address))
    if (!address || !rule || rule.shape !== address.shape) throw notFound('There is no such page.')
    // a model that the role does not see is no different from one that does not exist
    if (!screens.has(address.model) || !decide(role, 'read', address.model).allowed)
      throw notFound('There is no such page.')
    const decision = decide(role, rule.operation, address.model)
    if (!decision.allowed) throw forbidden(decision.rule)
    if (!address.isApi && req.method !== 'GET') throw notFound('There is no such page.')
    if (address.isApi && !rule.methods.includes(req.method as 'GET'))
      throw notFound('This address does not take such a request.')
    if (access && req.method === 'POST' && isOnlyLooking(OPERATOR, actionNamed(catalogue, role as PanelRole, address)))
      throw forbidden(ONLY_LOOKING)
    if (address.shape === 'record' && !isUuid(address.id)) throw notFound('There is no such record in your school.')
    // a page may stand for everything that a list shows; what it asks for comes by an address of its own
    const isPage = !address.isApi && req.query.recordIds === 'all'
    if (address.shape === 'bulk' && !isPage) checkSelection(req.query.recordIds)
    next()
  }
}

const stockRule = (action: string): Rule | undefined => (Object.hasOwn(rules, action) ? rules[action] : undefined)

/** An action of src/actions: opened by GET, tried and done by POST. For a role that may not do it, it does not exist. */
function ownRule(catalogue: Catalogue, role: PanelRole, { model, action }: Address): Rule | undefined {
  const offered = catalogue.at(role, model, action)
  return offered && { shape: offered.action.on, operation: 'read', methods: ['GET', 'POST'] }
}

const OPERATOR = { actorKind: 'operator' } as const

const actionNamed = (catalogue: Catalogue, role: PanelRole, { model, action }: Address): string | undefined =>
  catalogue.at(role, model, action)?.action.name

function parseAddress(path: string): Address | undefined {
  const match = /^\/admin(\/api)?\/resources\/([A-Za-z]+)(?:\/(.*))?$/.exec(path)
  if (!match) return undefined
  const [, api, model, rest] = match
  const isApi = api !== undefined
  if (rest === undefined)
    return isApi ? undefined : { isApi, model: model!, action: 'list', shape: 'resource', id: undefined }
  const [kind, ...parts] = rest.split('/')
  if (kind === 'actions' && parts.length === 1)
    return { isApi, model: model!, action: parts[0]!, shape: 'resource', id: undefined }
  if (kind === 'actions' && isApi && parts.length === 2 && parts[0] === 'search')
    return { isApi, model: model!, action: 'search', shape: 'resource', id: undefined }
  if (kind === 'records' && parts.length === 2)
    return { isApi, model: model!, action: parts[1]!, shape: 'record', id: parts[0] }
  return kind === 'bulk' && parts.length === 1
    ? { isApi, model: model!, action: parts[0]!, shape: 'bulk', id: undefined }
    : undefined
}

function checkSelection(recordIds: unknown): void {
  const ids = typeof recordIds === 'string' ? recordIds.split(',') : []
  if (ids.length === 0 || !ids.every(isUuid)) throw invalid('Select the records first.')
  if (ids.length > MAX_SELECTED) throw invalid(`At most ${MAX_SELECTED} records can be changed at once.`)
}
