import { z } from 'zod'
import { action } from '../core/action.ts'
import { conflict } from '../core/errors.ts'

/** For a colleague whose phone and recovery codes are gone: they set it up anew at their next sign-in. */
export default action('membership.reset-second-factor', {
  model: 'UserOrg',
  on: 'record',
  may: ['owner'],
  label: 'Reset the second step',
  done: 'asked for their password only at the next sign-in, and sets the second step up again',
  icon: 'Smartphone',
  danger: true,
  reauth: true,
  form: z.object({
    reason: z
      .string()
      .trim()
      .min(3)
      .max(500)
      .meta({ help: 'How you made sure that it is them who ask. Kept in the audit log' }),
  }),
  when: ({ userId, status }, who) => {
    if (userId === who.userId) return 'You cannot reset your own second step. Ask another owner.'
    return status === 'active' || 'Only an active member signs in.'
  },
  run: async ({ tx }, { record: { userId } }) => {
    const [answer] = await tx.$queryRaw<{ had: boolean }[]>`SELECT auth.reset_second_factor(${userId}::uuid) AS had`
    if (!answer?.had) throw conflict('This person has no second step.')
  },
})
