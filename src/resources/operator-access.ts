import { resource } from '../core/declaration.ts'

export default resource('OperatorAccess', {
  label: 'Platform access',
  singular: 'Platform access',
  title: ['operatorName', 'startedAt'],
  list: ['startedAt', 'operatorName', 'reason', 'endsAt', 'endedAt', 'endedBy'],
  sort: { by: 'startedAt', direction: 'desc' },
  filters: { range: ['startedAt'] },
  labels: {
    operatorName: 'Who',
    startedAt: 'From',
    endsAt: 'Ends by itself',
    endedAt: 'Ended before',
    endedBy: 'Ended by',
  },
  // people of the platform are no members of the school: their name stands in the row
  fields: { operatorId: { read: [] } },
})
