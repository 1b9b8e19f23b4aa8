import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, describe, expect, test } from 'vitest'
import { type Embedded, startEmbedded } from '../../src/postgres/embedded.ts'
import { explainOutput } from '../../src/postgres/server.ts'
import { cleanUp, processesOf, Program, temporaryDirectory, untilTrue } from './program.ts'

const running: Embedded[] = []

afterEach(async () => {
  for (const embedded of running.splice(0)) await embedded.stop()
  await cleanUp()
})

async function start(dataDir: string, onNotice?: (line: string) => void): Promise<Embedded> {
  const embedded = await startEmbedded({ dataDir, fsync: false, ...(onNotice ? { onNotice } : {}) })
  running.push(embedded)
  return embedded
}

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query({ text: sql, rowMode: 'array' })
    return (rows as unknown[][])[0]?.[0]
  } finally {
    await client.end()
  }
}

function keep(dataDir: string): Program {
  return new Program('tests/process/keep-embedded.ts', [dataDir])
}

const serverOf = (dataDir: string) => processesOf(dataDir).filter(({ command }) => command.includes('bin/postgres'))

describe('the embedded database', () => {
  test('keeps its data, its port and its passwords from one start to the next', async () => {
    const dataDir = temporaryDirectory()
    const first = await start(dataDir)
    await ask(first.ownerUrl, 'CREATE TABLE kept AS SELECT 42 AS answer')
    await first.stop()
    const second = await start(dataDir)
    expect(second.ownerUrl).toBe(first.ownerUrl)
    expect(await ask(second.ownerUrl, 'SELECT answer FROM kept')).toBe(42)
  })

  test('is for this machine, by password, and its passwords are for this user', async () => {
    const dataDir = temporaryDirectory()
    const { ownerUrl, superuserUrl } = await start(dataDir)
    expect(await ask(superuserUrl, 'SHOW listen_addresses')).toBe('127.0.0.1')
    expect(await ask(superuserUrl, 'SHOW unix_socket_directories')).toBe('')
    expect(
      await ask(superuserUrl, `SELECT count(*)::int FROM pg_hba_file_rules WHERE auth_method <> 'scram-sha-256'`),
    ).toBe(0)
    await expect(ask(ownerUrl.replace(/:[^:@]+@/, ':guess@'), 'SELECT 1')).rejects.toThrow('password')
    expect(statSync(join(dataDir, 'database.json')).mode & 0o777).toBe(0o600)
  })

  test('has an owner who is no superuser', async () => {
    const { ownerUrl } = await start(temporaryDirectory())
    expect(await ask(ownerUrl, 'SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user')).toBe(
      false,
    )
    expect(await ask(ownerUrl, 'SHOW timezone')).toBe('UTC')
  })

  test('runs beside another one in another directory', async () => {
    const [one, other] = await Promise.all([start(temporaryDirectory()), start(temporaryDirectory())])
    expect(one?.port).not.toBe(other?.port)
    await one?.stop()
    expect(await ask(other?.ownerUrl ?? '', 'SELECT 1')).toBe(1)
  })

  test('leaves no process and no lock behind when it is stopped, also when stopped twice', async () => {
    const dataDir = temporaryDirectory()
    const embedded = await start(dataDir)
    expect(serverOf(dataDir)).toHaveLength(1)
    await Promise.all([embedded.stop(), embedded.stop()])
    expect(processesOf(dataDir)).toEqual([])
    expect(existsSync(join(dataDir, 'instance.lock'))).toBe(false)
  })
})

describe('a second program on the same data directory', () => {
  test('is told which process has it, and disturbs nothing', async () => {
    const dataDir = temporaryDirectory()
    const first = keep(dataDir)
    const [, port] = await first.says(/running on (\d+)/)
    await expect(startEmbedded({ dataDir })).rejects.toThrow(`Another DriveFlow Admin (pid ${first.child.pid})`)
    expect(serverOf(dataDir)[0]?.command).toContain(`port=${port}`)
  })
})

describe('after the program was killed', () => {
  test('its database ends by itself, and the next start has all that was committed', async () => {
    const dataDir = temporaryDirectory()
    const first = keep(dataDir)
    await first.says(/running on/)
    const { owner, port } = JSON.parse(readFileSync(join(dataDir, 'database.json'), 'utf8'))
    await ask(
      `postgresql://driveflow_owner:${owner}@127.0.0.1:${port}/driveflow`,
      'CREATE TABLE kept AS SELECT 42 AS answer',
    )
    await first.signal('SIGKILL')
    await untilTrue(() => serverOf(dataDir).length === 0, 'the server to end')
    expect(await ask((await start(dataDir)).ownerUrl, 'SELECT answer FROM kept')).toBe(42)
  })

  test('a database that was left running is stopped by the next start, which says so', async () => {
    const dataDir = temporaryDirectory()
    const first = keep(dataDir)
    await first.says(/running on/)
    const orphan = serverOf(dataDir)[0]?.pid ?? 0
    // the shell that would have stopped it is killed first
    const guards = processesOf(`while read -r _; do :; done; kill -INT "$0" 2>/dev/null ${orphan}`)
    for (const { pid } of guards) process.kill(pid, 'SIGKILL')
    await first.signal('SIGKILL')
    expect(guards).toHaveLength(1)
    expect(serverOf(dataDir)).toHaveLength(1)

    const notices: string[] = []
    const second = await start(dataDir, (line) => notices.push(line))
    expect(notices).toEqual([expect.stringContaining(`pid ${orphan}`)])
    expect(await ask(second.ownerUrl, 'SELECT 1')).toBe(1)
  })

  test('a left-over pid file that names a stranger by now stops nobody', async () => {
    const dataDir = temporaryDirectory()
    await (await start(dataDir)).stop()
    writeFileSync(join(dataDir, 'postgres/postmaster.pid'), `${process.pid}\n${dataDir}/postgres\n1\n1\n\n127.0.0.1\n`)
    writeFileSync(join(dataDir, 'instance.lock'), JSON.stringify({ pid: process.pid, started: 'another time' }))
    expect(await ask((await start(dataDir)).ownerUrl, 'SELECT 1')).toBe(1)
  })
})

describe('an operator is told in one sentence', () => {
  test('that the data directory cannot be written', async () => {
    const file = join(temporaryDirectory(), 'file')
    writeFileSync(file, '')
    await expect(startEmbedded({ dataDir: join(file, 'data') })).rejects.toThrow(
      /^The data directory .* cannot be used: .* not a directory\. Set DATA_DIR/,
    )
  })

  test('that the data is of another PostgreSQL version', async () => {
    const dataDir = temporaryDirectory()
    await (await start(dataDir)).stop()
    writeFileSync(join(dataDir, 'postgres/PG_VERSION'), '15\n')
    await expect(startEmbedded({ dataDir })).rejects.toThrow(/made by PostgreSQL 15, this program brings 18/)
  })

  test('that the passwords are gone', async () => {
    const dataDir = temporaryDirectory()
    await (await start(dataDir)).stop()
    rmSync(join(dataDir, 'database.json'))
    await expect(startEmbedded({ dataDir })).rejects.toThrow(/passwords .* are missing or damaged/)
  })

  test.each([
    ['initdb: error: could not write to file: No space left on device', /^The disk is full/],
    [
      'FATAL:  could not map anonymous shared memory: Cannot allocate memory',
      /could not start: could not map .*memory/,
    ],
  ])('what the server means by %j', (output, sentence) => {
    expect(explainOutput(output, { cluster: '/data/postgres', logFile: '/data/postgres.log' }).message).toMatch(
      sentence,
    )
  })
})
