import { z } from 'zod'
import { type FieldMeta, action } from '../core/action.ts'
import { forbidden } from '../core/errors.ts'
import { enqueue } from '../core/jobs.ts'
import sendSignInLink from '../jobs/send-sign-in-link.ts'

const roles = { admin: 'Admin', manager: 'Manager', finance: 'Finance', compliance: 'Compliance', owner: 'Owner' }

/** A colleague gets a link by e-mail. They become a member when they follow it; until then the school has no row of them. */
export default action('membership.invite', {
  model: 'UserOrg',
  on: 'resource',
  may: ['owner', 'admin'],
  label: 'Invite a colleague',
  icon: 'UserPlus',
  reauth: true,
  form: z.object({
    fullName: z
      .string()
      .trim()
      .min(2)
      .max(200)
      .meta({ label: 'Name' } satisfies FieldMeta),
    email: z
      .email()
      .max(254)
      .meta({ label: 'E-mail', help: 'The link is sent there and counts for a week' } satisfies FieldMeta),
    role: z.enum(['admin', 'manager', 'finance', 'compliance', 'owner']).meta({ values: roles } satisfies FieldMeta),
  }),
  confirm: ({ input: { fullName, email, role } }) => `Invite ${fullName} (${email}) as ${roles[role]}?`,
  run: async (work, { input }) => {
    if (work.role !== 'owner' && input.role === 'owner') throw forbidden('Only an owner invites another owner.')
    const { name: school } = await work.tx.org.findFirstOrThrow({ where: { id: work.orgId }, select: { name: true } })
    await enqueue(work, sendSignInLink, { purpose: 'invitation', ...input, school })
    return `An invitation is on its way to ${input.email}.`
  },
})
