import AdminJSExpress from '@adminjs/express'
import { AdminJS, type AdminJSOptions } from 'adminjs'
import compression from 'compression'
import express, { type Request, type RequestHandler, type Response } from 'express'
import { type Context, runAs } from '../core/context.ts'
import type { Database } from '../core/db.ts'
import type { Declaration } from '../core/declaration.ts'
import { discover } from '../core/discover.ts'
import { type PanelRole, may, panelRoles } from '../core/permissions.ts'
import type { Action } from '../core/action.ts'
import { enqueue } from '../core/jobs.ts'
import { tokenHash } from '../core/token-hash.ts'
import runAction from '../jobs/action-run.ts'
import { Catalogue, loadCatalogue } from './actions/catalogue.ts'
import { Runner } from './actions/runner.ts'
import { type PanelAssets, preparePanelAssets } from './pages/assets.ts'
import { judged } from './lists/columns.ts'
import { loadComponents } from './pages/components.ts'
import { compressedJson } from './pages/compressed-json.ts'
import type { CurrentAdmin } from './current-admin.ts'
import { type Caller, handlerFor } from './endpoints.ts'
import { endpoints } from './endpoints/index.ts'
import { formBody } from './pages/form-body.ts'
import { gate } from './gate.ts'
import { brandingWith, localeFor } from './presentation.ts'
import { type View, viewOf } from './records/records.ts'
import { optionsFor } from './resource-options.ts'
import { preparePages } from './pages/role-pages.ts'
import { screensFor } from './role-screens.ts'
import { type Screen, buildScreens } from './screen.ts'
import { TenantResource } from './tenant-resource.ts'

/** The AdminJS panel: everything under /admin for people who are signed in. */
export interface Panel {
  readonly router: RequestHandler
  readonly assets: RequestHandler
}

export interface PanelParts {
  readonly db: Database
  readonly config: { readonly dataDir: string; readonly stripe?: { readonly secretKey?: string | undefined } }
  /** Those of src/actions when nothing is said. */
  readonly actions?: readonly Action[]
}

/**
 * Builds the screens of all models from the schema and src/resources, and one AdminJS for each role: a role's pages and
 * metadata hold nothing that it may not see.
 */
export async function createPanel({ db, config, actions }: PanelParts): Promise<Panel> {
  const declarations = (await discover<Declaration>('resources')).map(({ value }) => value)
  const catalogue = actions ? new Catalogue(actions) : await loadCatalogue()
  const runner = new Runner(catalogue, (work, runId) => enqueue(work, runAction, { runId }))
  const screens = buildScreens(declarations, catalogue.words())
  const assets = await preparePanelAssets({ dataDir: config.dataDir })
  const viewsOf = Object.fromEntries(
    panelRoles.map((role) => [role, viewsFor(role, screens, runner)]),
  ) as unknown as ViewsOf
  const admins = panelRoles.map((role) => [role, adminFor(role, [...viewsOf[role].values()], assets)] as const)
  const pages = await preparePages(admins, assets)
  const routers = Object.fromEntries(
    admins.map(([role, admin]) => [role, AdminJSExpress.buildRouter(admin, express.Router({ caseSensitive: true }))]),
  ) as unknown as Record<PanelRole, RequestHandler>

  const router = express.Router({ caseSensitive: true })
  router.use(pages.metadata)
  router.use('/admin', compression({ level: 4 }), compressedJson, ...formBody)
  const callerOf = (req: Request, res: Response): Caller => {
    const { identity } = res.locals
    return {
      ctx: contextOf(db, req, res),
      admin: adminOf(identity, { stripe: config.stripe?.secretKey === undefined }),
      views: viewsOf[identity.role as PanelRole],
    }
  }
  for (const endpoint of endpoints) {
    const method = endpoint.method === 'GET' ? 'get' : 'post'
    router[method](`/admin/api/panel${endpoint.path}`, handlerFor(endpoint, callerOf))
  }
  router.use(gate(screens, catalogue))
  router.use('/admin', (req, res, next) => {
    const { ctx, admin } = callerOf(req, res)
    if (!req.path.startsWith('/api/')) return pages.send(res, admin)
    ;(req.session as unknown as { adminUser: CurrentAdmin }).adminUser = admin
    void runAs(ctx, async () => routers[admin.role as PanelRole](req, res, next))
  })
  return { router, assets: assets.middleware }
}

function adminFor(role: PanelRole, views: readonly View[], assets: PanelAssets): AdminJS {
  return new AdminJS({
    rootPath: '/admin',
    loginPath: '/admin/login',
    logoutPath: '/admin/logout',
    componentLoader: loadComponents(),
    resources: views.map((view) => resourceFor(role, view)),
    branding: brandingWith(assets.favicon),
    locale: localeFor(views),
    assets: { coreScripts: assets.coreScripts, styles: assets.styles } as AdminJSOptions['assets'] & object,
    settings: { defaultPerPage: 25 },
  })
}

type ViewsOf = Record<PanelRole, ReadonlyMap<string, View>>

/** What a role sees: the models that it may read, with the fields that it may read. */
function viewsFor(role: PanelRole, screens: ReadonlyMap<string, Screen>, runner: Runner): ReadonlyMap<string, View> {
  const own = screensFor(screens, role)
  const views = new Map<string, View>()
  for (const screen of own.values()) {
    const { name } = screen.model
    const actions = { list: runner.catalogue.offered(role, name), runner, views }
    if (!may(role, 'read', name)) continue
    const view = viewOf(own, screen, screen.properties)
    views.set(name, { ...view, actions, list: judged(view.list, { screen, actions }) })
  }
  return views
}

function adminOf(identity: Express.Locals['identity'], simulated: CurrentAdmin['simulated']): CurrentAdmin {
  const { userId: id, email, fullName: name, role, school, schools, access } = identity
  const title = access ? 'platform' : role
  const visit = access && { id: access.id, until: access.endsAt.toISOString(), reason: access.reason }
  return { id, email, name, title, role, school, schools, simulated, visit }
}

function contextOf(db: Database, req: Request, { locals }: Response): Context {
  const { orgId, userId, role, passwordAt, access, sessionId } = locals.identity
  const actor = { orgId, userId, role, actorKind: access ? 'operator' : 'user' } as const
  return { db, ...actor, ip: req.ip ?? null, requestId: locals.requestId, passwordAt, session: tokenHash(sessionId) }
}

function resourceFor(role: PanelRole, view: View) {
  const visible = (model: string) => may(role, 'read', model)
  return { resource: new TenantResource(view, visible), options: optionsFor(role, view, visible) }
}
