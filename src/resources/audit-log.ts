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
    requestId: 'Request',
    createdAt: 'When',
  },
  values: { action: 'auditActions', entityType: 'models', actorRole: 'roles' },
})
