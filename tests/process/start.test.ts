import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { builtAssets } from '../support/scratch.ts'
import { cleanUp, endPrograms, processesOf, Program, temporaryDirectory } from './program.ts'

// one data directory with the demo schools serves all tests here: the first start is the long one
const dataDir = temporaryDirectory()
let firstStart: Program

beforeAll(async () => {
  // making the browser's files from nothing is tests/views/assets.test.ts
  builtAssets(dataDir)
  firstStart = Program.main('start', { DATA_DIR: dataDir, PORT: '0' })
  await firstStart.says(/Ready after/, 115_000)
}, 120_000)

afterAll(cleanUp)

// a test that failed half-way must not keep the data directory from the next one
afterEach(({ task }) => (task.result?.state === 'fail' ? endPrograms() : undefined))

const addressOf = async (program: Program): Promise<string> =>
  (await program.says(/Ready after .*: (http\S+)\/admin/))[1] ?? ''

const statusOf = async (url: string): Promise<number> => (await fetch(url, { redirect: 'manual' })).status

describe('npm start on an empty machine', () => {
  test('says each step, the address, and where the demo sign-ins are', () => {
    for (const line of ['database', 'migrations', 'demo', 'worker', 'web', 'Demo sign-ins: .*demo-logins.json'])
      expect(firstStart.output).toMatch(new RegExp(`^ *${line}`, 'm'))
    expect(firstStart.output).not.toMatch(/warn/i)
  })

  test('serves the sign-in page, and says that it is well', async () => {
    const address = await addressOf(firstStart)
    expect(await statusOf(`${address}/admin/login`)).toBe(200)
    expect(await statusOf(`${address}/healthz`)).toBe(200)
    expect(await (await fetch(`${address}/readyz`)).json()).toMatchObject({
      status: 'ready',
      database: true,
      worker: true,
    })
  })

  test('keeps the demo sign-ins and its secrets from other users', () => {
    const modes = ['demo-logins.json', 'database.json', 'session-secret'].map(
      (file) => statSync(join(dataDir, file)).mode & 0o777,
    )
    expect(modes).toEqual([0o600, 0o600, 0o600])
  })

  test('refuses a second one on the same data, which ends with the reason and no stack', async () => {
    const second = Program.main('start', { DATA_DIR: dataDir, PORT: '0' })
    expect(await second.end()).toBe(1)
    expect(second.output).toContain(`Another DriveFlow Admin (pid ${firstStart.child.pid}) is already running`)
    expect(second.output).not.toMatch(/\n\s+at /)
    expect(await statusOf(`${await addressOf(firstStart)}/healthz`)).toBe(200)
  })

  test('refuses a port that another program has, before it starts anything', async () => {
    const { port } = new URL(await addressOf(firstStart))
    const elsewhere = temporaryDirectory()
    const second = Program.main('start', { DATA_DIR: elsewhere, PORT: port })
    expect(await second.end()).toBe(1)
    expect(second.output).toContain(`Port ${port} is taken`)
    expect(existsSync(join(elsewhere, 'postgres'))).toBe(false)
  })
})

describe('stopping and starting again', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s ends everything with code 0; the next start is quick',
    async (signal) => {
      const running = firstStart.child.exitCode === null ? firstStart : await startAgain()
      expect(await running.signal(signal)).toBe(0)
      expect(processesOf(dataDir)).toEqual([])

      const begin = performance.now()
      const again = await startAgain()
      expect(await statusOf(`${await addressOf(again)}/admin/login`)).toBe(200)
      // 2 s on two idle cores; other tests may be using them
      expect(performance.now() - begin).toBeLessThan(15_000)
      expect(await again.signal('SIGTERM')).toBe(0)
    },
  )

  test('a signal during the start still ends everything', async () => {
    const program = Program.main('start', { DATA_DIR: dataDir, PORT: '0' })
    await program.says(/starting/)
    expect(await program.signal('SIGTERM')).toBe(0)
    expect(processesOf(dataDir)).toEqual([])
  })

  test('when its database is killed it says so and ends, and the next start has everything', async () => {
    const program = await startAgain()
    const pid = Number(readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0])
    process.kill(pid, 'SIGKILL')
    expect(await program.end()).toBe(1)
    expect(program.output).toContain('The embedded PostgreSQL has ended unexpectedly')
    expect(await (await startAgain()).signal('SIGTERM')).toBe(0)
  })

  test('after kill -9 it starts again', async () => {
    const killed = await startAgain()
    await killed.signal('SIGKILL')
    const again = await startAgain()
    expect(await statusOf(`${await addressOf(again)}/admin/login`)).toBe(200)
    expect(await again.signal('SIGINT')).toBe(0)
  })
})

async function startAgain(): Promise<Program> {
  const program = Program.main('start', { DATA_DIR: dataDir, PORT: '0' })
  await program.says(/Ready after/)
  return program
}
