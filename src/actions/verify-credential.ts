import { action } from '../core/action.ts'
import { nowOf } from '../core/context.ts'

/** Says that somebody has seen the paper. Who and when, the database writes down. */
export default action('credential.verify', {
  model: 'InstructorCredential',
  on: 'bulk',
  may: ['owner', 'admin', 'compliance'],
  label: 'Verify',
  done: 'verified',
  icon: 'CheckCircle',
  when: ({ status, expiresOn }) => {
    if (status !== 'pending')
      return `Only a credential that waits for its check can be verified; this one is ${status}.`
    return expiresOn.getTime() + DAY > Date.now() || 'This credential has expired. Ask for the new one.'
  },
  run: async (work, { record: { id } }) => {
    const data = { status: 'verified', verifiedById: work.userId, verifiedAt: nowOf(work) } as const
    await work.tx.instructorCredential.updateMany({ where: { id }, data })
  },
})

const DAY = 24 * 60 * 60 * 1000
