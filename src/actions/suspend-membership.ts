import { z } from 'zod'
import { action } from '../core/action.ts'
import { conflict } from '../core/errors.ts'

/** Keeps somebody out of the school from their next click on. */
export default action('membership.suspend', {
  model: 'UserOrg',
  on: 'record',
  may: ['owner'],
  label: 'Suspend',
  done: 'suspended',
  icon: 'UserX',
  danger: true,
  form: z.object({ reason: z.string().trim().min(3).max(500).meta({ help: 'Kept in the audit log' }) }),
  when: ({ status, userId }, who) => {
    if (userId === who.userId) return 'You cannot suspend yourself. Ask another owner.'
    return status === 'active' || 'Only an active membership can be suspended.'
  },
  run: async ({ tx, orgId }, { record: { id, role } }) => {
    // all owners are locked: two who suspend each other at the same moment must not both succeed
    const owners = await tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM "UserOrg" WHERE "orgId" = ${orgId}::uuid AND role = 'owner' AND status = 'active' ORDER BY id FOR UPDATE`
    if (role === 'owner' && owners.every((owner) => owner.id === id))
      throw conflict('This is the last owner of the school. Make somebody else an owner first.')
    await tx.userOrg.updateMany({ where: { id }, data: { status: 'suspended' } })
  },
})
