import type { Endpoint } from '../endpoints.ts'
import { readOrDeleted } from '../records/deleted.ts'
import { readTimeline } from '../records/timeline.ts'

/**
 * What happened to a record, for everybody who may read the record: of changes only the fields they may read. Also of one
 * that was deleted, for those who read the audit log.
 */
export const timeline: Endpoint = {
  method: 'GET',
  path: '/timeline/:model/:id',
  handle: async ({ ctx, role, admin, views, view, id, query }) => {
    const { school } = admin
    const { deleted } = await readOrDeleted(ctx, { view: view(), views, id: id(), school })
    const kinds = (query.kinds ?? '').split(',').filter((kind) => kind !== '')
    const timeline = await readTimeline(ctx, {
      view: view(),
      views,
      role,
      id: id().toLowerCase(),
      school,
      kinds,
      cursor: query.cursor || undefined,
    })
    // of what is gone nothing can be taken back
    return deleted ? { ...timeline, groups: timeline.groups.map((group) => ({ ...group, undo: null })) } : timeline
  },
}
