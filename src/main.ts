import { type Lifecycle, runToEnd, runUntilStopped } from './launch/lifecycle.ts'

const USAGE = `Usage: node src/main.ts <command>
  start     everything on this machine: database, web and worker
  web       the web server, on DATABASE_URL
  worker    a worker, on DATABASE_URL
  migrate   bring the database up to date, as DATABASE_OWNER_URL
  seed      load the demo schools, or with --schools 50 --bookings 1000000 a large data set
  check     look for gaps in the program itself
  new       begin a resource, action, job or model
  docs      write docs/panel.md from the declarations
  operator  make somebody an operator of the platform, as DATABASE_OWNER_URL
  second-factor:reset  take a lost second step off a person
  audit:verify  check the sealed audit log, or with --manifest an export of it
  webhooks:quarantine  what Stripe said or holds that is no school’s
  audit:detach  take months out of the audit log, as DATABASE_OWNER_URL`

const [command = '', ...args] = process.argv.slice(2)

// each is loaded only when it is asked for: a worker has no use for the panel's packages
const services: Readonly<Record<string, (lifecycle: Lifecycle) => Promise<void>>> = {
  start: async (lifecycle) => (await import('./launch/start.ts')).start(lifecycle),
  web: async (lifecycle) => (await import('./launch/single.ts')).web(lifecycle),
  worker: async (lifecycle) => (await import('./launch/single.ts')).worker(lifecycle),
}

const errands: Readonly<Record<string, (lifecycle: Lifecycle) => Promise<void>>> = {
  migrate: async (lifecycle) => (await import('./launch/errand.ts')).migrate(lifecycle),
  seed: async (lifecycle) => (await import('./launch/errand.ts')).seed(lifecycle, args),
  check: async () => (await import('./launch/errand.ts')).check(),
  new: async () => (await import('./launch/new.ts')).make(args),
  docs: async () => (await import('./launch/docs.ts')).writeDocs(),
  operator: async (lifecycle) => (await import('./launch/people.ts')).makeOperator(lifecycle, args),
  'second-factor:reset': async (lifecycle) => (await import('./launch/people.ts')).resetSecondFactor(lifecycle, args),
  'audit:verify': async (lifecycle) => (await import('./launch/audit.ts')).verify(lifecycle, args),
  'webhooks:quarantine': async (lifecycle) => (await import('./launch/webhooks.ts')).quarantine(lifecycle, args),
  'audit:detach': async (lifecycle) => (await import('./launch/audit.ts')).detach(lifecycle, args),
}

const service = services[command]
const errand = errands[command]
if (service) await runUntilStopped(service)
else if (errand) await runToEnd(errand)
else {
  console.error(USAGE)
  process.exitCode = 1
}
