// Started by tests: a worker that does what the clock has to do with bookings.
import executeTransitions from '../../src/jobs/execute-transitions.ts'
import { workUntilStopped } from '../support/worker.ts'

await workUntilStopped(process.argv[2] ?? '', () => ({
  jobs: [executeTransitions],
  scheduled: true,
  concurrency: 2,
  patienceMs: 5_000,
}))
