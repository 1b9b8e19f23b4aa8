import { action } from '../core/action.ts'
import { enqueue } from '../core/jobs.ts'
import { anonymising } from '../domain/privacy/anonymising.ts'
import { foretell, inWords } from '../domain/privacy/foretell.ts'
import anonymisePerson from '../jobs/anonymise-person.ts'

/** Takes a guardian out of the school on request. */
export default action('guardian.anonymise', {
  model: 'Guardian',
  ...anonymising,
  when: ({ fullName }) => !fullName.startsWith('Anonymised ') || 'This guardian is anonymised already.',
  run: async (work, { record: { id }, input, key }) => {
    const subject = { model: 'Guardian', id } as const
    const foretold = await foretell(work, subject, input.reason)
    await enqueue(work, anonymisePerson, { ...subject, runKey: key })
    return inWords(foretold)
  },
})
