import { action } from '../core/action.ts'
import { enqueue } from '../core/jobs.ts'
import { anonymising } from '../domain/privacy/anonymising.ts'
import { foretell, inWords } from '../domain/privacy/foretell.ts'
import anonymisePerson from '../jobs/anonymise-person.ts'

/** Takes an instructor who has left out of the school on request. */
export default action('instructor.anonymise', {
  model: 'Instructor',
  ...anonymising,
  when: ({ displayName }) => !displayName.startsWith('Anonymised ') || 'This instructor is anonymised already.',
  run: async (work, { record: { id }, input, key }) => {
    const subject = { model: 'Instructor', id } as const
    const foretold = await foretell(work, subject, input.reason)
    await enqueue(work, anonymisePerson, { ...subject, runKey: key })
    return inWords(foretold)
  },
})
