import { type AdminJS, Router } from 'adminjs'
import type { RequestHandler, Response } from 'express'
import { notFound } from '../../core/errors.ts'
import type { PanelRole } from '../../core/permissions.ts'
import { type Served, sendFile } from './asset-files.ts'
import type { PanelAssets } from './assets.ts'
import type { CurrentAdmin } from '../current-admin.ts'
import { pageFor, takeApart } from './html.ts'
import { compactMetadata } from '../metadata.ts'

export interface RolePages {
  /** The metadata of the role that asks, which its browser keeps until they change. Nobody gets another role's. */
  readonly metadata: RequestHandler
  /** Sends AdminJS's page, with who is signed in. */
  send(res: Response, admin: CurrentAdmin): void
}

interface RolePage {
  readonly file: Served
  readonly page: (nonce: string, session: CurrentAdmin) => string
}

/**
 * Has AdminJS make the page of each role once. What depends only on the role, its metadata, is a script under a name
 * that changes with it; what remains of the page is small and says who is signed in.
 */
export async function preparePages(
  admins: readonly (readonly [PanelRole, AdminJS])[],
  assets: PanelAssets,
): Promise<RolePages> {
  const made = admins.map(async ([role, admin]) => [role, await prepare(admin, assets)])
  const pages = Object.fromEntries(await Promise.all(made)) as Record<PanelRole, RolePage>
  return {
    metadata: (req, res, next) => {
      if (!req.path.startsWith('/admin/metadata.')) return next()
      const { file } = pages[res.locals.identity.role as PanelRole]
      if (req.path !== `/admin/${file.name}` || req.method !== 'GET')
        throw notFound('This part of the page is another role’s or out of date. Load the page again.')
      res.set('Cache-Control', 'private, max-age=31536000, immutable')
      sendFile(req, res, file)
    },
    send: (res, admin) => {
      const { page } = pages[admin.role as PanelRole]
      res.set('Cache-Control', 'no-store').send(page(res.locals.nonce, admin))
    },
  }
}

async function prepare(admin: AdminJS, assets: PanelAssets): Promise<RolePage> {
  compactMetadata(admin)
  const { script, template } = takeApart(assets.rewritePage(await pageOf(admin)))
  const file = await assets.keep('metadata.js', script)
  return { file, page: pageFor(template, `/admin/${file.name}`) }
}

/** The page as AdminJS makes it for every address, with nobody signed in. */
async function pageOf(admin: AdminJS): Promise<string> {
  const { Controller, action } = Router.routes.find(({ path }) => path === '')!
  const controller = new Controller({ admin }, undefined) as Record<string, () => Promise<string>>
  return await controller[action]!()
}
