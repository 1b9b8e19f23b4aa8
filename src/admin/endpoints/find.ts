import { invalid } from '../../core/errors.ts'
import type { Endpoint } from '../endpoints.ts'
import { find as findRecords } from '../lists/find.ts'

const SHORTEST = 2

/** The search in the top bar: `?q=mia kow`. */
export const find: Endpoint = {
  method: 'GET',
  path: '/find',
  handle: async ({ ctx, views, admin, query }) => {
    const text = (query.q ?? '').trim()
    if (Array.from(text).length < SHORTEST && !/\p{Script=Han}/u.test(text))
      throw invalid('Type at least two characters of a name, telephone number, e-mail address or id.', 'q')
    return { groups: await findRecords(views, { ctx, text, school: admin.school }) }
  },
}
