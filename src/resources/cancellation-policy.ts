import { resource } from '../core/declaration.ts'

export default resource('CancellationPolicy', {
  label: 'Cancellation policies',
  singular: 'Cancellation policy',
  title: ['actor', 'hoursBeforeStart'],
  list: ['actor', 'hoursBeforeStart', 'refundPercentage', 'feeCents', 'isActive', 'description'],
  labels: { actor: 'Who cancels', hoursBeforeStart: 'Hours of notice', refundPercentage: 'Refund in %' },
})
