import { action, z } from '../core/action.ts'
import { conflict } from '../core/errors.ts'
import { skip } from '../core/outbox/redeliver.ts'

/** Gives up for good what cannot be delivered, so that what waits behind it goes on. */
export default action('outbox-delivery.skip', {
  model: 'OutboxDelivery',
  on: 'record',
  may: ['owner', 'compliance'],
  label: 'Skip',
  done: 'skipped',
  icon: 'SkipForward',
  danger: true,
  form: z.object({
    reason: z.string().trim().min(3).max(2000).meta({ label: 'Reason', help: 'Kept in the audit log' }),
  }),
  when: ({ status }) => status === 'dead' || 'Only what was given up can be skipped.',
  confirm: ({ title }) => `Never deliver ${title}, and go on with what waits behind it?`,
  run: async (work, { record }) => {
    if (!(await skip(work, record.id))) throw conflict('Somebody else has taken care of it. Load it again.')
  },
})
