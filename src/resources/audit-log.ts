import { isUuid } from '../core/context.ts'
import { resource } from '../core/declaration.ts'

export default resource('AuditLog', {
  label: 'Audit log',
  singular: 'Audit entry',
  title: ['action', 'createdAt'],
  list: ['createdAt', 'actorUser', 'actorRole', 'actorKind', 'action', 'entityType', 'reason', 'ip'],
  sort: { by: 'createdAt', direction: 'desc' },
  filters: { range: ['createdAt'], multi: ['entityType', 'actorKind'], null: ['reason'], relation: ['actorUser'] },
  scopes: { 'By the system': { where: { actorKind: ['system', 'webhook', 'operator'] }, count: true } },
  labels: {
    actorUser: 'Who',
    actorKind: 'Kind of actor',
    actorRole: 'Role',
    entityType: 'Record',
    entityId: 'Which record',
    seq: 'Number',
    number: 'Place in the chain',
    format: 'Way of sealing',
    personal: 'May be taken out',
    redaction: 'Taken out by entry',
    requestId: 'Request',
    createdAt: 'When',
  },
  // also of one that was deleted since: its page then says so
  links: {
    'Open the record': ({ entityType, entityId }) =>
      isUuid(entityId) ? `/admin/resources/${entityType}/records/${entityId}/show` : null,
  },
  values: { action: 'auditActions', entityType: 'models', actorRole: 'roles' },
})
