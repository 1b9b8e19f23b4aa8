import type { OrgRole, Prisma } from '@prisma/client'
import { AppError, forbidden, invalid, notFound } from '../../core/errors.ts'
import { may, panelRoles } from '../../core/permissions.ts'
import type { Endpoint, EndpointCall } from '../endpoints.ts'
import type { Tenant } from '../lists/page.ts'
import { told } from '../records/records.ts'
import { applicable, parseSettings } from '../lists/saved-views.ts'

const MAX_NAME = 60
const MAX_VIEWS = 50
const AT_MOST = `You have ${MAX_VIEWS} views of this list. Delete one before you save another.`
// of what is shared, these keep order for everybody
const TIDIERS: readonly OrgRole[] = ['owner', 'admin']

/** Ways of looking at a list that people keep, for themselves or for a role. */
export const savedViews: readonly Endpoint[] = [
  { method: 'GET', path: '/saved-views/:model', handle: listed },
  { method: 'POST', path: '/saved-views/:model', handle: save },
  { method: 'POST', path: '/saved-views/:model/:id', handle: change },
  { method: 'POST', path: '/saved-views/:model/:id/delete', handle: remove },
]

async function listed(call: EndpointCall) {
  const { ctx, role } = call
  const where = { orgId: ctx.orgId, resource: modelOf(call), OR: [{ ownerId: personOf(call) }, { sharedWith: role }] }
  const select = {
    id: true,
    name: true,
    sharedWith: true,
    settings: true,
    ownerId: true,
    owner: { select: { fullName: true } },
  }
  const found = await ctx.db.read(ctx, (client) =>
    client.savedView.findMany({ where, select, orderBy: [{ name: 'asc' }, { id: 'asc' }] }),
  )
  return {
    views: found.map(({ id, name, sharedWith, settings, ownerId, owner }) => {
      const isOwn = ownerId === ctx.userId
      const by = isOwn ? null : owner.fullName
      return {
        id,
        name,
        sharedWith,
        isOwn,
        by,
        canDelete: isOwn || TIDIERS.includes(role),
        ...applicable(call.view(), tenantOf(call), settings),
      }
    }),
    // a role can be shown this list only when it sees the model
    shareable: panelRoles.filter((one) => may(one, 'read', modelOf(call))),
  }
}

async function save(call: EndpointCall) {
  const { ctx, body } = call
  const data = {
    orgId: ctx.orgId,
    ownerId: personOf(call),
    resource: modelOf(call),
    name: nameIn(body),
    sharedWith: roleIn(call),
    settings: parseSettings(call.view(), tenantOf(call), body.settings) as Prisma.InputJsonObject,
  }
  return await told(
    ctx.db.transaction(ctx, async (tx) => {
      const { orgId, ownerId, resource } = data
      if ((await tx.savedView.count({ where: { orgId, ownerId, resource } })) >= MAX_VIEWS)
        throw invalid(AT_MOST, 'name')
      return await tx.savedView.create({ data, select: { id: true, name: true } })
    }),
    nameTaken,
  )
}

/** Another name, other people, or the list as it is set up now. */
async function change(call: EndpointCall) {
  const { ctx, body } = call
  const data = {
    ...(body.name !== undefined && { name: nameIn(body) }),
    ...(body.sharedWith !== undefined && { sharedWith: roleIn(call) }),
    ...(body.settings !== undefined && {
      settings: parseSettings(call.view(), tenantOf(call), body.settings) as Prisma.InputJsonObject,
    }),
  }
  const { count } = await told(
    ctx.db.read(ctx, (client) =>
      client.savedView.updateMany({ where: { ...which(call), ownerId: personOf(call) }, data }),
    ),
    nameTaken,
  )
  if (count === 0) throw notFound('You have no such view. Only who saved it can change it.')
  return { id: call.id() }
}

async function remove(call: EndpointCall) {
  const { ctx, role } = call
  const shared = TIDIERS.includes(role) ? [{ sharedWith: { not: null } }] : []
  const { count } = await told(
    ctx.db.read(ctx, (client) =>
      client.savedView.deleteMany({ where: { ...which(call), OR: [{ ownerId: personOf(call) }, ...shared] } }),
    ),
  )
  if (count === 0) throw notFound('You have no such view. Only who saved it can delete it.')
  return { id: call.id() }
}

// how forms of the panel send a field that holds nothing
const EMPTIED = '__FORM_VALUE_NULL__'

/** Names are one person's own: only their views of this list are in the way. */
const nameTaken = (error: AppError): AppError =>
  error.code === 'SavedView_orgId_ownerId_resource_name_key'
    ? new AppError('Conflict', 'You have a view of that name. Choose another name.', { field: 'name' })
    : error

const modelOf = (call: EndpointCall): string => call.view().screen.model.name

const which = (call: EndpointCall) => ({ id: call.id(), orgId: call.ctx.orgId, resource: modelOf(call) })

const tenantOf = ({ ctx, admin }: EndpointCall): Tenant => ({ orgId: ctx.orgId, zone: admin.school.timeZone })

function personOf({ ctx }: EndpointCall): string {
  if (ctx.userId === null) throw forbidden('Views belong to people.')
  return ctx.userId
}

function nameIn(body: EndpointCall['body']): string {
  const name = typeof body.name === 'string' && body.name !== EMPTIED ? body.name.trim() : ''
  if (name === '') throw invalid('Give the view a name.', 'name')
  if (name.length > MAX_NAME) throw invalid(`A name has at most ${MAX_NAME} characters.`, 'name')
  // what PostgreSQL cannot store
  if (name.includes('\u0000') || !name.isWellFormed())
    throw invalid('The name has a character that cannot be stored.', 'name')
  return name
}

/** Empty is nobody but oneself. */
function roleIn(call: EndpointCall): OrgRole | null {
  const { sharedWith } = call.body
  if (sharedWith === undefined || sharedWith === null || sharedWith === '' || sharedWith === EMPTIED) return null
  const role = panelRoles.find((one) => one === sharedWith)
  if (!role || !may(role, 'read', modelOf(call))) throw invalid('Choose a role that sees this list.', 'sharedWith')
  return role
}
