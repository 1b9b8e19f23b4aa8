import { resource } from '../core/declaration.ts'

export default resource('AuditLog', {
  label: 'Audit log',
  singular: 'Audit entry',
  title: ['action', 'createdAt'],
  list: ['createdAt', 'actorUser', 'actorRole', 'action', 'entityType', 'reason', 'ip'],
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
