import { action, z } from '../core/action.ts'
import { enqueue } from '../core/jobs.ts'
import { foretell, inWords } from '../domain/privacy/foretell.ts'
import anonymisePerson from '../jobs/anonymise-person.ts'

/** Takes an instructor who has left out of the school on request. */
export default action('instructor.anonymise', {
  model: 'Instructor',
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
  when: ({ displayName }) => !displayName.startsWith('Anonymised ') || 'This instructor is anonymised already.',
  confirm: ({ title }) => `Anonymise ${title}? This cannot be taken back.`,
  run: async (work, { record: { id }, input, key }) => {
    const subject = { model: 'Instructor', id } as const
    const foretold = await foretell(work, subject, input.reason)
    await enqueue(work, anonymisePerson, { ...subject, runKey: key })
    return inWords(foretold)
  },
})
