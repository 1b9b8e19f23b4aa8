import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cleanUp, endPrograms, temporaryDirectory, untilTrue } from '../process/program.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage

beforeEach(async () => {
  stage = await openStage()
})
afterEach(async () => {
  await endPrograms()
  await stage.database.drop()
})
afterAll(cleanUp)

const gate = () => join(temporaryDirectory(), 'open')

describe('a worker that is killed in the middle of an event', () => {
  test('has done nothing of it: another does it, once, and the later ones after it', async () => {
    const open = gate()
    await stage.tell({ of: 'one', version: 1, wish: `until ${open}` }, { of: 'one', version: 2 })
    const killed = await stage.startWorker('mail')
    await killed.says(/test.mail begins/)
    await killed.signal('SIGKILL')
    writeFileSync(open, '')
    await stage.startWorker('mail')
    await stage.untilDrained()
    expect((await stage.effects()).map(({ version }) => version)).toEqual([1, 2])
    expect(await stage.faults(['mail'])).toEqual([])
  }, 60_000)

  test('also while it is busy with many of them', async () => {
    await stage.tellMany('booking.cancelled', 50, 6)
    const killed = await stage.startWorker('mail,money')
    await stage.untilBusy(50)
    await killed.signal('SIGKILL')
    await stage.startWorker('mail,money')
    await stage.untilDrained()
    expect(await stage.effects()).toHaveLength(600)
    expect(await stage.faults(['mail', 'money'])).toEqual([])
  }, 60_000)
})

test('an event that takes longer than it may is begun again, and has one effect', async () => {
  // it may take four seconds
  const open = gate()
  await stage.tell({ of: 'slow', version: 1, wish: `until ${open}` })
  const worker = await stage.startWorker('mail')
  await worker.says(/test.mail begins[^]*test.mail begins/)
  writeFileSync(open, '')
  await stage.untilDrained()
  expect(await stage.effects()).toHaveLength(1)
  expect(await stage.faults(['mail'])).toEqual([])
}, 60_000)

test('a worker whose clock is an hour fast does its part like any other', async () => {
  await stage.tellMany('booking.cancelled', 20, 5)
  const fast = await stage.startWorker('mail,money', 10_000, { clockMs: 3_600_000 })
  await stage.untilDrained()
  await stage.startWorker('mail,money')
  await stage.tellMany('booking.cancelled', 20, 5)
  await stage.untilDrained()
  expect(fast.output).toMatch(/test.mail begins/)
  expect(await stage.effects()).toHaveLength(400)
  expect(await stage.faults(['mail', 'money'])).toEqual([])
}, 60_000)

test('when the listening connection is killed events still come, and soon as promptly as before', async () => {
  await stage.startWorker('mail')
  await stage.tell({ of: 'heard', version: 1 })
  await stage.untilDrained()
  const killed = await stage.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = 'driveflow listener' AND datname = current_database()`)
  expect(killed.length).toBeGreaterThan(1)
  await stage.tell({ of: 'heard', version: 2 })
  await untilTrue(async () => (await stage.effects()).length === 2, 'the event that nobody heard of', 10_000)
  const listeners = () =>
    stage.sql(`SELECT FROM pg_stat_activity WHERE application_name = 'driveflow listener'
      AND datname = current_database() AND query LIKE 'LISTEN%'`)
  await untilTrue(async () => (await listeners()).length === killed.length, 'the listeners to be back')
  expect(await stage.faults(['mail'])).toEqual([])
})

describe('a worker that is told to stop', () => {
  test('ends the events in hand, and takes no others', async () => {
    const open = gate()
    await stage.tell({ of: 'short', version: 1, wish: `until ${open}` })
    const worker = await stage.startWorker('mail')
    await worker.says(/test.mail begins/)
    worker.child.kill('SIGTERM')
    await worker.says(/^stopping/m)
    await stage.tell({ of: 'later', version: 1 })
    writeFileSync(open, '')
    expect(await worker.end()).toBe(0)
    expect(await stage.effects()).toHaveLength(1)
    await stage.startWorker('mail')
    await stage.untilDrained()
    expect(await stage.effects()).toHaveLength(2)
    expect(await stage.faults(['mail'])).toEqual([])
  })

  test('hands back what takes too long, and another does it once', async () => {
    const open = gate()
    await stage.tell({ topic: 'booking.completed', of: 'long', version: 1, wish: `until ${open}` })
    const worker = await stage.startWorker('money', 500)
    await worker.says(/test.money begins/)
    worker.child.kill('SIGTERM')
    await worker.says(/^stopping/m)
    const next = await stage.startWorker('money')
    await next.says(/test.money begins/)
    writeFileSync(open, '')
    await stage.untilDrained()
    await worker.signal('SIGKILL')
    expect(await stage.effects()).toHaveLength(1)
    expect(await stage.faults(['money'])).toEqual([])
  })
})
