import { notFound } from '../../core/errors.ts'
import { may, panelRoles } from '../../core/permissions.ts'
import type { Endpoint } from '../endpoints.ts'
import { readDeleted } from '../records/deleted.ts'
import { plainJson } from '../records/record-json.ts'
import { noteViewed } from '../records/viewed.ts'

/** What the audit log keeps of a record that was deleted, for those who read that log. */
export const deletedRecord: Endpoint = {
  method: 'GET',
  path: '/deleted/:model/:id',
  roles: panelRoles.filter((role) => may(role, 'read', 'AuditLog')),
  handle: async ({ ctx, admin, views, view, id }) => {
    const deleted = await readDeleted(ctx, { view: view(), views, id: id(), school: admin.school })
    if (!deleted) throw notFound()
    noteViewed(ctx, view(), id())
    const { row, sentence } = deleted
    return { record: { ...plainJson(row), recordActions: [], bulkActions: [] }, sentence }
  },
}
