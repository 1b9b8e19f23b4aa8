import { existsSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type { Happened } from '../../src/core/events.ts'
import { handler } from '../../src/core/handlers.ts'
import type { UnitOfWork } from '../../src/core/unit-of-work.ts'
import { untilTrue } from '../process/program.ts'

type Told = Happened<'booking.confirmed' | 'booking.completed' | 'booking.cancelled'>

/** Leaves one row behind for each event, in the order in which they were done. What it does before, the event says. */
const record = (name: string) => async (work: UnitOfWork, event: Told) => {
  console.log(`${name} begins ${event.recordId} ${event.version}`)
  await obey(event.payload.status)
  await work.tx
    .$executeRaw`INSERT INTO effects (handler, aggregate, version, event) VALUES (${name}, ${event.recordId}, ${event.version}, ${event.id}::uuid)`
  return `effect of ${event.version}`
}

/** `fine`, `slow 3000`, `until /a/file`, `without /a/file`: fails until the file is there. */
async function obey(wish: string): Promise<void> {
  const [what, which = ''] = wish.split(' ')
  if (what === 'slow') await pause(Number(which))
  if (what === 'until') await untilTrue(() => existsSync(which), which, 60_000)
  if (what === 'without' && !existsSync(which)) throw new Error('This one cannot be done')
}

/** When one of its events dies, the later ones go on. */
export const mail = handler('test.mail', {
  topics: ['booking.confirmed', 'booking.cancelled'],
  onDead: 'skip',
  retryLimit: 1,
  expireSeconds: 4,
  run: record('test.mail'),
})

/** When one of its events dies, the later ones of the same record wait. */
export const money = handler('test.money', {
  topics: ['booking.completed', 'booking.cancelled'],
  onDead: 'block',
  retryLimit: 1,
  run: record('test.money'),
})

/** Has one attempt only. */
export const once = handler('test.once', {
  topics: ['booking.completed'],
  onDead: 'block',
  retryLimit: 0,
  run: record('test.once'),
})

export const handlers = { mail, money, once }
