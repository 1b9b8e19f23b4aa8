// Started by tests: a worker in a process of its own, which can then be killed.
import type { Handler } from '../../src/core/handlers.ts'
import { workUntilStopped } from '../support/worker.ts'
import { handlers } from './recorders.ts'

const [url = '', names = '', patienceMs = '10000'] = process.argv.slice(2)
await workUntilStopped(url, () => ({
  jobs: [],
  handlers: names.split(',').map((name) => handlers[name as keyof typeof handlers] as Handler),
  concurrency: 5,
  patienceMs: Number(patienceMs),
}))
