// For the worker processes that tests start, and can then stop or kill.
import { openDatabase, type Database } from '../../src/core/db.ts'
import { work } from '../../src/core/jobs.ts'

type Wanted = Omit<Parameters<typeof work>[1], 'onError'>

/** Does what is wanted on the database at `url` until the process is asked to end, and says how it fares. */
export async function workUntilStopped(url: string, wantedOn: (db: Database) => Wanted): Promise<void> {
  const db = await openDatabase(url)
  const working = await work(db, {
    ...wantedOn(db),
    onError: ({ message, cause }) => console.log(`${message} ${cause instanceof Error ? cause.message : ''}`),
  })
  process.on('SIGTERM', async () => {
    console.log('stopping')
    await working.stop()
    await db.close()
    process.exit(0)
  })
  console.log('working')
}
