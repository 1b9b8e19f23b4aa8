// Started by tests: a worker in a process of its own, which can then be killed. It knows one job.
import { workUntilStopped } from '../support/worker.ts'
import { probe } from './probe.ts'

await workUntilStopped(process.argv[2] ?? '', () => ({ jobs: [probe], concurrency: 5, patienceMs: 10_000 }))
