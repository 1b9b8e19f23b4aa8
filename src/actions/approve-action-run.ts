import { action } from '../core/action.ts'
import { fourEyes } from '../domain/four-eyes.ts'

/** Agrees to what a colleague asked for, and does it. */
export default action('action-run.approve', {
  model: 'ActionRun',
  on: 'record',
  may: ['owner', 'admin', 'finance', 'compliance'],
  label: 'Approve',
  done: 'approved',
  icon: 'CheckCircle',
  reauth: true,
  confirm: ({ title }) => `Approve “${title}”?`,
  when: fourEyes,
  run: async (work, { record }) => {
    await work.carryOut(record)
    return `Approved: ${record.summary ?? record.action}.`
  },
})
