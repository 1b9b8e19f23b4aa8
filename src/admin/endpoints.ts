import type { Request, RequestHandler, Response } from 'express'
import { type Context, isUuid } from '../core/context.ts'
import { forbidden, invalid, notFound } from '../core/errors.ts'
import { type Operation, type PanelRole, decide } from '../core/permissions.ts'
import type { CurrentAdmin } from './current-admin.ts'
import { ONLY_LOOKING, isOnlyLooking } from './operator.ts'
import type { View } from './records/records.ts'

/** What the panel answers beside AdminJS's own addresses. One object a file, in src/admin/endpoints/. */
export interface Endpoint {
  /** What has an effect is POST. */
  readonly method: 'GET' | 'POST'
  /** Below /admin/api/panel: `/related/:model/:id`. `:model` is a model that the role sees, `:id` a record's id. */
  readonly path: string
  /** What the role must be allowed to do with `:model`; read when nothing is said. */
  readonly operation?: Operation
  /** Only these roles; all of the panel when nothing is said. */
  readonly roles?: readonly PanelRole[]
  /** The answer as JSON; undefined when it has answered by itself. @throws AppError with a sentence */
  handle(call: EndpointCall): Promise<unknown>
}

export interface EndpointCall {
  readonly ctx: Context
  readonly role: PanelRole
  readonly admin: CurrentAdmin
  /** What the role sees, by model. */
  readonly views: ReadonlyMap<string, View>
  /** Of `:model`, checked. @throws AppError NotFound when the address names none */
  readonly view: () => View
  /** `:id`, checked to be one. */
  readonly id: () => string
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  /** The fields of a form or of JSON. */
  readonly body: Readonly<Record<string, unknown>>
  readonly req: Request
  readonly res: Response
}

/** What a request is, before its endpoint is known; the panel makes one for each. */
export interface Caller {
  readonly ctx: Context
  readonly admin: CurrentAdmin
  readonly views: ReadonlyMap<string, View>
}

/** Express's handler for an endpoint: permission first, then the endpoint's own work. */
export function handlerFor(endpoint: Endpoint, callerOf: (req: Request, res: Response) => Caller): RequestHandler {
  return async (req, res) => {
    const { ctx, admin, views } = callerOf(req, res)
    const role = admin.role as PanelRole
    if (endpoint.roles && !endpoint.roles.includes(role)) throw forbidden(`Your role (${role}) may not do this.`)
    if (endpoint.method === 'POST' && isOnlyLooking(ctx)) throw forbidden(ONLY_LOOKING)
    const params = req.params as Record<string, string>
    if (params.model !== undefined) checkModel(endpoint, role, { model: params.model, views })
    if (params.id !== undefined && !isUuid(params.id)) throw notFound()
    const answer = await endpoint.handle({
      ctx,
      role,
      admin,
      views,
      view: () => known(views.get(params.model ?? '')),
      id: () => known(params.id),
      params,
      query: textsOf(req.query),
      body: ((req as { fields?: unknown }).fields ?? {}) as Record<string, unknown>,
      req,
      res,
    })
    if (answer !== undefined) res.set('Cache-Control', 'no-store').json(answer)
  }
}

// a model that the role does not see is no different from one that does not exist
function checkModel(
  endpoint: Endpoint,
  role: PanelRole,
  { model, views }: { model: string; views: Caller['views'] },
): void {
  if (!views.has(model)) throw notFound('There is no such page.')
  const decision = decide(role, endpoint.operation ?? 'read', model)
  if (!decision.allowed) throw forbidden(decision.rule)
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw notFound('There is no such page.')
  return value
}

function textsOf(query: Request['query']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => {
      if (typeof value !== 'string') throw invalid(`"${name}" is given more than once.`, name)
      return [name, value]
    }),
  )
}
