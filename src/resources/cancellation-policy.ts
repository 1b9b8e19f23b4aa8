import { resource } from '../core/declaration.ts'
import { lessonsUnderTerms } from '../domain/warnings/lessons-under-terms.ts'

export default resource('CancellationPolicy', {
  label: 'Cancellation policies',
  singular: 'Cancellation policy',
  title: ['actor', 'hoursBeforeStart'],
  list: ['actor', 'hoursBeforeStart', 'refundPercentage', 'feeCents', 'isActive', 'description'],
  labels: { actor: 'Who cancels', hoursBeforeStart: 'Hours of notice', refundPercentage: 'Refund in %' },
  warns: lessonsUnderTerms,
})
