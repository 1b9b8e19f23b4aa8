import type { Endpoint } from '../endpoints.ts'
import { readListCounts } from '../lists/list-counts.ts'
import { parseListRequest } from '../lists/list-request.ts'

/** Beside a list, for the same query: the counts of its tabs, and about how many records it has. */
export const listCounts: Endpoint = {
  method: 'GET',
  path: '/list-counts/:model',
  handle: async ({ ctx, view, query, admin }) =>
    await readListCounts(ctx, view(), parseListRequest(view(), query), admin.school.timeZone),
}
