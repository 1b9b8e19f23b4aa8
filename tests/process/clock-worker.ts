// Started by tests: a worker that does what the clock has to do with bookings.
import { openDatabase } from '../../src/core/db.ts'
import { work } from '../../src/core/jobs.ts'
import executeTransitions from '../../src/jobs/execute-transitions.ts'

const db = await openDatabase(process.argv[2] ?? '')
const working = await work(db, {
  jobs: [executeTransitions],
  scheduled: true,
  concurrency: 2,
  patienceMs: 5_000,
  onError: (error) => console.log(error.message, error.cause instanceof Error ? error.cause.message : ''),
})
process.on('SIGTERM', async () => {
  await working.stop()
  await db.close()
  process.exit(0)
})
console.log('working')
