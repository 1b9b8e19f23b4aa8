import { action } from '../core/action.ts'
import { conflict } from '../core/errors.ts'
import { redeliver } from '../core/outbox/redeliver.ts'

/** Has what was given up delivered once more; what waited behind it goes on after it. */
export default action('outbox-delivery.retry', {
  model: 'OutboxDelivery',
  on: 'bulk',
  may: ['owner', 'compliance'],
  label: 'Try again',
  done: 'tried again',
  icon: 'RefreshCw',
  when: ({ status }) => status === 'dead' || 'Only what was given up can be tried again.',
  confirm: ({ title, count }) => (count > 1 ? `Deliver ${count} events once more?` : `Deliver ${title} once more?`),
  run: async (work, { record }) => {
    if ((await redeliver(work, [record.id])) === 0) throw conflict('Somebody else has taken care of it. Load it again.')
  },
})
