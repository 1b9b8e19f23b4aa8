// Started by tests: a worker in a process of its own, which can then be killed. It knows one job.
import { openDatabase } from '../../src/core/db.ts'
import { work } from '../../src/core/jobs.ts'
import { probe } from './probe.ts'

const db = await openDatabase(process.argv[2] ?? '')
const working = await work(db, {
  jobs: [probe],
  concurrency: 5,
  patienceMs: 10_000,
  onError: (error) => console.log(error.message),
})
process.on('SIGTERM', async () => {
  console.log('stopping')
  await working.stop()
  await db.close()
  process.exit(0)
})
console.log('working')
