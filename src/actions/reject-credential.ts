import { z } from 'zod'
import { action } from '../core/action.ts'

/** Turns a paper down; the reason stands in the audit log. */
export default action('credential.reject', {
  model: 'InstructorCredential',
  on: 'record',
  may: ['owner', 'admin', 'compliance'],
  label: 'Reject',
  done: 'rejected',
  icon: 'XCircle',
  danger: true,
  form: z.object({
    reason: z.string().trim().min(3).max(500).meta({ help: 'What is wrong with it, and what is needed instead' }),
  }),
  when: ({ status }) =>
    status === 'pending' || `Only a credential that waits for its check can be rejected; this one is ${status}.`,
  run: async ({ tx }, { record: { id } }) => {
    await tx.instructorCredential.updateMany({ where: { id }, data: { status: 'rejected' } })
  },
})
