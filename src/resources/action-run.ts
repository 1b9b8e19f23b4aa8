import { resource } from '../core/declaration.ts'

export default resource('ActionRun', {
  label: 'Actions run',
  singular: 'Action run',
  title: ['summary'],
  list: ['summary', 'status', 'actorUser', 'approvers', 'approvedBy', 'decidedAt', 'createdAt', 'finishedAt'],
  filters: { multi: ['status'], range: ['createdAt'], relation: ['actorUser'] },
  scopes: {
    'To approve': { where: { status: 'waiting' }, count: true },
    Running: { where: { status: ['queued', 'running'] } },
    Failed: { where: { status: 'failed' } },
    Rejected: { where: { status: 'rejected' } },
  },
  labels: {
    summary: 'What',
    action: 'Action',
    actorUser: 'Asked by',
    approvers: 'To be approved by',
    approvedBy: 'Approved or rejected by',
    decidedAt: 'Decided',
    reason: 'Why rejected',
    error: 'What went wrong',
    recordType: 'Record',
    progressDone: 'Done so far',
    progressTotal: 'To do',
    createdAt: 'Asked',
    finishedAt: 'Finished',
  },
  values: { recordType: 'models', action: 'auditActions' },
  // what the program keeps to do it later; people read the summary
  fields: { request: { read: [] }, result: { read: [] }, inputHash: { read: [] }, recordId: { read: [] } },
})
