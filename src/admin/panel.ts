import AdminJSExpress from '@adminjs/express'
import { AdminJS, type AdminJSOptions, type ResourceOptions } from 'adminjs'
import compression from 'compression'
import express, { type Request, type RequestHandler, type Response } from 'express'
import { type Context, runAs } from '../core/context.ts'
import type { Database } from '../core/db.ts'
import type { Declaration } from '../core/declaration.ts'
import { discover } from '../core/discover.ts'
import { type PanelRole, may, panelRoles } from '../core/permissions.ts'
import { preparePanelAssets } from './assets.ts'
import { loadComponents } from './components.ts'
import { compressedJson } from './compressed-json.ts'
import type { CurrentAdmin } from './current-admin.ts'
import { type Caller, handlerFor } from './endpoints.ts'
import { endpoints } from './endpoints/index.ts'
import { formBody } from './form-body.ts'
import { gate } from './gate.ts'
import { safePages } from './html.ts'
import { compactMetadata } from './metadata.ts'
import { brandingWith, localeFor, navigationOf } from './presentation.ts'
import { type View, viewOf } from './records.ts'
import { actionOptions, propertyOptions } from './resource-options.ts'
import { type Property, type Screen, buildScreens, propertiesFor } from './screen.ts'
import { TenantResource } from './tenant-resource.ts'

/** The AdminJS panel: everything under /admin for people who are signed in. */
export interface Panel {
  readonly router: RequestHandler
  readonly assets: RequestHandler
}

export interface PanelParts {
  readonly db: Database
  readonly config: { readonly dataDir: string; readonly stripe?: { readonly secretKey?: string | undefined } }
}

/**
 * Builds the screens of all models from the schema and src/resources, and one AdminJS for each role: a role's pages and
 * metadata hold nothing that it may not see.
 */
export async function createPanel({ db, config }: PanelParts): Promise<Panel> {
  const declarations = (await discover<Declaration>('resources')).map(({ value }) => value)
  const screens = buildScreens(declarations)
  const assets = await preparePanelAssets({ dataDir: config.dataDir })
  const viewsOf = Object.fromEntries(panelRoles.map((role) => [role, viewsFor(role, screens)])) as unknown as ViewsOf
  const routers = Object.fromEntries(
    panelRoles.map((role) => {
      const views = [...viewsOf[role].values()]
      const admin = new AdminJS({
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
      compactMetadata(admin)
      return [role, AdminJSExpress.buildRouter(admin, express.Router({ caseSensitive: true }))]
    }),
  ) as unknown as Record<PanelRole, RequestHandler>

  const router = express.Router({ caseSensitive: true })
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
  router.use(gate(screens))
  router.use('/admin', safePages(assets.rewritePage), (req, res, next) => {
    const { ctx, admin } = callerOf(req, res)
    ;(req.session as unknown as { adminUser: CurrentAdmin }).adminUser = admin
    void runAs(ctx, async () => routers[admin.role as PanelRole](req, res, next))
  })
  return { router, assets: assets.middleware }
}

type ViewsOf = Record<PanelRole, ReadonlyMap<string, View>>

/** What a role sees: the models that it may read, with the fields that it may read. */
function viewsFor(role: PanelRole, screens: ReadonlyMap<string, Screen>): ReadonlyMap<string, View> {
  const visible = [...screens.values()].filter((screen) => may(role, 'read', screen.model.name))
  return new Map(visible.map((screen) => [screen.model.name, viewOf(screens, screen, propertiesFor(screen, role))]))
}

function adminOf(identity: Express.Locals['identity'], simulated: CurrentAdmin['simulated']): CurrentAdmin {
  const { userId: id, email, fullName: name, role, school, schools } = identity
  return { id, email, name, title: role, role, school, schools, simulated }
}

function contextOf(db: Database, req: Request, { locals }: Response): Context {
  const { orgId, userId, role } = locals.identity
  return { db, orgId, userId, role, actorKind: 'user', ip: req.ip ?? null, requestId: locals.requestId }
}

function resourceFor(role: PanelRole, view: View) {
  const visible = (model: string) => may(role, 'read', model)
  return { resource: new TenantResource(view, visible), options: optionsFor(role, view, visible) }
}

function optionsFor(
  role: PanelRole,
  { screen, properties }: View,
  visible: (model: string) => boolean,
): ResourceOptions {
  const names = (shown: (name: string) => boolean) =>
    properties
      .filter((one) => one.kind !== 'id')
      .map((one) => one.name)
      .filter(shown)
  const writable = new Set(properties.filter((one) => one.writable).map((one) => one.name))
  const isTitle = (name: string) => name === (screen.title[0]?.split('.')[0] ?? 'id')
  return {
    navigation: navigationOf(screen.model.area),
    listProperties: screen.list.filter((name) => properties.some((one) => one.name === name)),
    // every amount is shown with its currency
    showProperties: names((name) => name !== 'currency' || !properties.some((one) => one.kind === 'money')),
    editProperties: names((name) => writable.has(name)),
    filterProperties: names((name) => isFilter(properties.find((one) => one.name === name)!)),
    sort: { sortBy: screen.sort.by, direction: screen.sort.direction },
    properties: Object.fromEntries(
      properties.map((property) => [
        property.name,
        { ...propertyOptions(screen, property, visible), isTitle: isTitle(property.name) },
      ]),
    ),
    actions: actionOptions(role, screen.model.name),
  }
}

// nobody looks through a list of choices longer than this
const MAX_CHOICES = 60

function isFilter(property: Property): boolean {
  const choices = Object.keys(property.values ?? {}).length
  return property.kind === 'enum' ? choices > 0 && choices <= MAX_CHOICES : property.kind !== 'json'
}
