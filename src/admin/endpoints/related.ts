import { notFound } from '../../core/errors.ts'
import { may } from '../../core/permissions.ts'
import type { Endpoint } from '../endpoints.ts'
import { parseListRequest } from '../lists/list-request.ts'
import { relatedColumns } from '../records/record-facts.ts'
import { plainJson } from '../records/record-json.ts'
import { readPage, readRecord } from '../records/records.ts'
import type { Row } from '../records/selection.ts'
import { noteListed } from '../records/viewed.ts'

const PER_PAGE = 10

/** A page of the records that refer to this one, by the name of a related list of its declaration. */
export const related: Endpoint = {
  method: 'GET',
  path: '/related/:model/:id/:name',
  handle: async ({ ctx, role, admin, views, view, id, params, query }) => {
    const own = view()
    const list = own.screen.layout.related.find(({ name }) => name === params.name)
    const target = list && views.get(list.model)
    // a list of what the role does not see is no different from one that does not exist
    if (!list || !target || !may(role, 'read', list.model)) throw notFound('There is no such list here.')
    const property = target.properties.find(({ name }) => name === list.property)
    if (!property || property.masked) throw notFound('There is no such list here.')
    await readRecord(ctx, own, id(), admin.school)
    const { page, cursor, sortBy, direction } = query
    const asked = parseListRequest(target, { page, cursor, sortBy, direction, perPage: PER_PAGE })
    const request = { ...asked, filters: { [property.name]: id() }, columns: relatedColumns(own, list) }
    const shown = (rows: Row[]) => rows.map((row) => ({ ...plainJson(row), recordActions: [], bulkActions: [] }))
    const { rows: records, ...found } = await readPage(ctx, target, { request, school: admin.school, shown })
    noteListed(ctx, target, records.length)
    return {
      meta: { ...found, perPage: asked.perPage, page: asked.page, sortBy: asked.sortBy, direction: asked.direction },
      records,
    }
  },
}
