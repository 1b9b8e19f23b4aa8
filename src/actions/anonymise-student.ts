import { action } from '../core/action.ts'
import { enqueue } from '../core/jobs.ts'
import { anonymising } from '../domain/privacy/anonymising.ts'
import { foretell, inWords } from '../domain/privacy/foretell.ts'
import anonymisePerson from '../jobs/anonymise-person.ts'

/** Takes a learner out of the school on request: docs/privacy.md says what goes and what stays. */
export default action('student.anonymise', {
  model: 'Student',
  ...anonymising,
  when: ({ anonymisedAt }) => anonymisedAt === null || 'This learner is anonymised already.',
  run: async (work, { record: { id }, input, key }) => {
    const subject = { model: 'Student', id } as const
    const foretold = await foretell(work, subject, input.reason)
    await enqueue(work, anonymisePerson, { ...subject, runKey: key })
    return inWords(foretold)
  },
})
