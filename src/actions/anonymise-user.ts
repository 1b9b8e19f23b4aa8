import { action } from '../core/action.ts'
import { enqueue } from '../core/jobs.ts'
import { anonymising } from '../domain/privacy/anonymising.ts'
import { foretell, inWords } from '../domain/privacy/foretell.ts'
import anonymisePerson from '../jobs/anonymise-person.ts'

/** Takes a colleague who has left out of the school on request. */
export default action('user.anonymise', {
  model: 'User',
  ...anonymising,
  when: ({ id, fullName }, who) => {
    if (id === who.userId) return 'You cannot anonymise yourself. Ask a colleague.'
    return !fullName.startsWith('Anonymised ') || 'This person is anonymised already.'
  },
  run: async (work, { record: { id }, input, key }) => {
    const subject = { model: 'User', id } as const
    const foretold = await foretell(work, subject, input.reason)
    await enqueue(work, anonymisePerson, { ...subject, runKey: key })
    return inWords(foretold)
  },
})
