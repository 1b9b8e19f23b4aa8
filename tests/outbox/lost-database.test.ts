import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { type Embedded, startEmbedded } from '../../src/postgres/embedded.ts'
import { migrate } from '../../src/postgres/migrate.ts'
import { cleanUp, endPrograms, temporaryDirectory } from '../process/program.ts'
import type { Row, Run, TestDatabase } from '../support/database.ts'
import { openStage } from './stage.ts'

const servers: Embedded[] = []

afterEach(endPrograms)
afterAll(async () => {
  for (const server of servers.splice(0)) await server.stop()
  await cleanUp()
})

describe('when PostgreSQL is restarted in the middle of the work', () => {
  // what an operator does, and what a crash does
  test('nothing is lost and nothing is done twice, however it ended', async () => {
    const dataDir = temporaryDirectory()
    const first = await startEmbedded({ dataDir })
    servers.push(first)
    await migrate(first.ownerUrl, first.appUrl)
    const stage = await openStage(databaseOf(first))
    await stage.startWorker('mail,money')
    for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
      const before = (await stage.effects()).length
      await stage.tellMany('booking.cancelled', 30, 6)
      await stage.untilBusy(before + 30)
      const postmaster = Number(readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0])
      process.kill(postmaster, signal)
      await servers.pop()!.stop()
      servers.push(await startEmbedded({ dataDir }))
      await stage.untilDrained(60_000)
    }
    expect(await stage.effects()).toHaveLength(720)
    expect(await stage.faults(['mail', 'money'])).toEqual([])
  }, 150_000)
})

test('when the network is cut for a while, the work goes on after it', async () => {
  const stage = await openStage()
  const wire = await Wire.to(stage.database.url)
  try {
    await stage.startWorker('mail,money', 10_000, { url: wire.url })
    await stage.tellMany('booking.cancelled', 30, 6)
    await stage.untilBusy(30)
    wire.cut()
    const reached = (await stage.effects()).length
    await stage.tell({ of: 'meanwhile', version: 1 })
    wire.mend()
    await stage.untilDrained(60_000)
    expect(reached).toBeLessThan(360)
    expect(await stage.effects()).toHaveLength(361)
    expect(await stage.faults(['mail', 'money'])).toEqual([])
  } finally {
    await endPrograms()
    wire.cut()
    await stage.database.drop()
  }
}, 90_000)

/** A way to the database that can be cut: everything under way is lost, and nobody gets through. */
class Wire {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #target: URL
  #isCut = false

  static async to(url: string): Promise<Wire> {
    const wire = new Wire(new URL(url))
    wire.#server.listen(0, '127.0.0.1')
    await once(wire.#server, 'listening')
    return wire
  }

  private constructor(target: URL) {
    this.#target = target
    this.#server = createServer((near) => this.#join(near)).unref()
  }

  get url(): string {
    return Object.assign(new URL(this.#target), { port: String((this.#server.address() as AddressInfo).port) }).href
  }

  cut(): void {
    this.#isCut = true
    for (const socket of this.#sockets) socket.destroy()
  }

  mend(): void {
    this.#isCut = false
  }

  #join(near: Socket): void {
    if (this.#isCut) return void near.destroy()
    const far = connect(Number(this.#target.port), this.#target.hostname)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(one)
      one.pipe(other)
      one.on('error', () => other.destroy()).on('close', () => this.#sockets.delete(one) && other.destroy())
    }
  }
}

/** The one database of a server that goes away: each statement has a connection of its own, tried until it is there. */
function databaseOf({ appUrl, ownerUrl, ...server }: Embedded): TestDatabase {
  const superuserUrl = Object.assign(new URL(server.superuserUrl), { pathname: '/driveflow' }).href
  const connected = async <T>(url: string, fn: (run: Run) => Promise<T>): Promise<T> => {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => {})
    await client.connect()
    try {
      return await fn(async (text, values) => (await client.query(text, values)).rows as Row[])
    } finally {
      await client.end().catch(() => {})
    }
  }
  return {
    url: appUrl,
    ownerUrl,
    superuserUrl,
    console: (login, text, values) =>
      connected(login === 'owner' ? ownerUrl : superuserUrl, (run) => run(text, values)),
    transaction: (settings, fn) =>
      connected(appUrl, async (run) => {
        await run('BEGIN')
        for (const [key, value] of Object.entries(settings))
          await run('SELECT set_config($1, $2, true)', [`app.${key}`, value])
        const result = await fn(run)
        await run('COMMIT')
        return result
      }),
    drop: () => Promise.resolve(),
  }
}
