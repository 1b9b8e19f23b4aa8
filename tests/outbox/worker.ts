// Started by tests: a worker in a process of its own, which can then be killed.
import { openDatabase } from '../../src/core/db.ts'
import type { Handler } from '../../src/core/handlers.ts'
import { work } from '../../src/core/jobs.ts'
import { handlers } from './recorders.ts'

const [url = '', names = '', patienceMs = '10000'] = process.argv.slice(2)
const db = await openDatabase(url)
const working = await work(db, {
  jobs: [],
  handlers: names.split(',').map((name) => handlers[name as keyof typeof handlers] as Handler),
  concurrency: 5,
  patienceMs: Number(patienceMs),
  onError: (error) => console.log(`${error.message} ${error.cause instanceof Error ? error.cause.message : ''}`),
})
process.on('SIGTERM', async () => {
  console.log('stopping')
  await working.stop()
  await db.close()
  process.exit(0)
})
console.log('working')
