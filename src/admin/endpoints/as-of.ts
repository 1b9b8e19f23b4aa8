import { invalid } from '../../core/errors.ts'
import { formatInstant, parseInstant } from '../../core/time.ts'
import { readAsOf } from '../records/as-of.ts'
import type { Endpoint } from '../endpoints.ts'
import { plainJson } from '../records/record-json.ts'
import { noteViewed } from '../records/viewed.ts'

const MINUTE = 60_000

/** The record as it was at `at`: an instant, or a date and time of the school's clocks. */
export const asOf: Endpoint = {
  method: 'GET',
  path: '/as-of/:model/:id',
  handle: async ({ ctx, admin, views, view, id, query }) => {
    const { school } = admin
    const typed = query.at ?? ''
    const begins = parseInstant(typed, school.timeZone)
    if (!begins) throw invalid('Choose a day and a time that exists in your school.', 'at')
    // a minute on the clock counts to its end: what was done in it is seen
    const ends = /T\d{2}:\d{2}$/.test(typed) ? new Date(begins.getTime() + MINUTE - 1) : begins
    const isRunning = begins.getTime() <= Date.now() && ends.getTime() > Date.now()
    const at = isRunning ? new Date() : ends
    const { row, changed, unknown } = await readAsOf(ctx, { view: view(), views, id: id(), at, school })
    noteViewed(ctx, view(), id())
    return {
      record: { ...plainJson(row), recordActions: [], bulkActions: [] },
      at: formatInstant(at, school.timeZone),
      changed,
      unknown,
    }
  },
}
