import { action, z } from '../core/action.ts'
import { enqueue } from '../core/jobs.ts'
import { foretell, inWords } from '../domain/privacy/foretell.ts'
import anonymisePerson from '../jobs/anonymise-person.ts'

/** Takes a colleague who has left out of the school on request. */
export default action('user.anonymise', {
  model: 'User',
  on: 'record',
  may: ['compliance'],
  label: 'Anonymise',
  done: 'being anonymised',
  icon: 'UserX',
  danger: true,
  reauth: true,
  approval: { by: ['owner', 'compliance'] },
  form: z.object({
    reason: z.string().trim().min(3).max(500).meta({ help: 'Without their name: it stays in the audit log' }),
  }),
  when: ({ id, fullName }, who) => {
    if (id === who.userId) return 'You cannot anonymise yourself. Ask a colleague.'
    return !fullName.startsWith('Anonymised ') || 'This person is anonymised already.'
  },
  confirm: ({ title }) => `Anonymise ${title}? This cannot be taken back.`,
  run: async (work, { record: { id }, input, key }) => {
    const subject = { model: 'User', id } as const
    const foretold = await foretell(work, subject, input.reason)
    await enqueue(work, anonymisePerson, { ...subject, runKey: key })
    return inWords(foretold)
  },
})
