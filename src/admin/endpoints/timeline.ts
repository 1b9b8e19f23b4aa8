import type { Endpoint } from '../endpoints.ts'
import { readRecord } from '../records/records.ts'
import { readTimeline } from '../records/timeline.ts'

/** What happened to a record, for everybody who may read the record: of changes only the fields they may read. */
export const timeline: Endpoint = {
  method: 'GET',
  path: '/timeline/:model/:id',
  handle: async ({ ctx, role, admin, views, view, id, query }) => {
    const { school } = admin
    await readRecord(ctx, view(), id(), school)
    const kinds = (query.kinds ?? '').split(',').filter((kind) => kind !== '')
    return await readTimeline(ctx, {
      view: view(),
      views,
      role,
      id: id().toLowerCase(),
      school,
      kinds,
      cursor: query.cursor || undefined,
    })
  },
}
