import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { refuseOldServer } from '../../src/postgres/connect.ts'
import { type Embedded, startEmbedded } from '../../src/postgres/embedded.ts'
import { migrate, refuseUnmigrated } from '../../src/postgres/migrate.ts'
import { ensureRoles } from '../../src/postgres/roles.ts'
import { cleanUp, temporaryDirectory } from './program.ts'

let server: Embedded
let administrator: pg.Client

beforeAll(async () => {
  server = await startEmbedded({ dataDir: temporaryDirectory(), fsync: false })
  administrator = new pg.Client({ connectionString: server.superuserUrl })
  await administrator.connect()
}, 30_000)

afterAll(async () => {
  await administrator.end()
  await server.stop()
  await cleanUp()
})

async function as<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Another database of the same owner. */
async function newDatabase(name: string): Promise<string> {
  await administrator.query(`CREATE DATABASE ${name} OWNER driveflow_owner`)
  return server.ownerUrl.replace(/driveflow$/, name)
}

describe('the roles', () => {
  beforeEach(() => ensureRoles(server.ownerUrl, server.appUrl))

  test('can be made again, and by several processes at once', async () => {
    const outcomes = Promise.all(Array.from({ length: 5 }, () => ensureRoles(server.ownerUrl, server.appUrl)))
    await expect(outcomes).resolves.toHaveLength(5)
  })

  test('let the application take on sign-in and dispatch, never the owner or the audit log', async () => {
    await as(server.appUrl, async (app) => {
      for (const role of ['driveflow_auth', 'driveflow_worker']) await app.query(`SET ROLE ${role}`)
      await app.query('RESET ROLE')
      for (const role of ['driveflow_audit', 'driveflow_owner', 'postgres'])
        await expect(app.query(`SET ROLE ${role}`)).rejects.toThrow('permission denied')
    })
  })

  test('give the application the rights of the app role at once, those of sign-in only when asked for', async () => {
    const { rows } = await administrator.query(
      `SELECT pg_has_role('driveflow', 'driveflow_app', 'USAGE') AS app,
              pg_has_role('driveflow', 'driveflow_auth', 'USAGE') AS auth,
              pg_has_role('driveflow', 'driveflow_worker', 'USAGE') AS worker`,
    )
    expect(rows[0]).toEqual({ app: true, auth: false, worker: false })
  })

  test('start every session of the application in UTC, with time limits', async () => {
    const settings = await as(server.appUrl, async (app) => {
      const names = ['timezone', 'statement_timeout', 'idle_in_transaction_session_timeout']
      const values = names.map((name) => `current_setting('${name}')`).join()
      return (await app.query({ text: `SELECT ${values}`, rowMode: 'array' })).rows[0]
    })
    expect(settings).toEqual(['UTC', '30s', '1min'])
  })

  test('let the owner hand tables to the audit role', async () => {
    await as(server.ownerUrl, async (owner) => {
      await owner.query('BEGIN; GRANT CREATE ON SCHEMA public TO driveflow_audit; CREATE TABLE log (line text)')
      await expect(owner.query('ALTER TABLE log OWNER TO driveflow_audit')).resolves.toBeDefined()
      await owner.query('ROLLBACK')
    })
  })

  test('are repaired when a membership was taken away', async () => {
    await administrator.query('REVOKE driveflow_auth FROM driveflow GRANTED BY driveflow_owner')
    await ensureRoles(server.ownerUrl, server.appUrl)
    await expect(as(server.appUrl, (app) => app.query('SET ROLE driveflow_auth'))).resolves.toBeDefined()
  })
})

describe('an owner who may not create roles', () => {
  const forbid = () => administrator.query('ALTER ROLE driveflow_owner NOCREATEROLE')

  test('is no trouble when everything is there', async () => {
    await ensureRoles(server.ownerUrl, server.appUrl)
    await forbid()
    await expect(ensureRoles(server.ownerUrl, server.appUrl)).resolves.toBeUndefined()
  })

  test('gets the SQL for an administrator, without the password; running it is enough', async () => {
    const appUrl = server.appUrl.replace('//driveflow:', '//second_app:')
    await forbid()
    const refusal: Error = await ensureRoles(server.ownerUrl, appUrl).then(
      () => expect.fail('it was not refused'),
      (error: Error) => error,
    )
    const password = new URL(appUrl).password
    expect(refusal.message).toMatch(/may not create roles.*\n {2}CREATE ROLE "second_app" LOGIN PASSWORD '…';/s)
    expect(refusal.message).not.toContain(password)
    const sql = refusal.message.split('\n').slice(1).join('\n').replace('…', password)
    await administrator.query(sql)
    await ensureRoles(server.ownerUrl, appUrl)
    await administrator.query('ALTER ROLE driveflow_owner CREATEROLE')
  })
})

describe('addresses that cannot be right', () => {
  test('the owner as the application’s user', async () => {
    await expect(ensureRoles(server.ownerUrl, server.ownerUrl)).rejects.toThrow('both sign in as "driveflow_owner"')
  })

  test('a superuser as the application’s user', async () => {
    await expect(ensureRoles(server.ownerUrl, server.superuserUrl)).rejects.toThrow('is a superuser or has BYPASSRLS')
  })

  test.each([
    [/driveflow$/, 'elsewhere', 'The database "elsewhere" of DATABASE_OWNER_URL does not exist'],
    [/:[^:@]+@/, ':guess@', 'wrong user or password in DATABASE_OWNER_URL'],
    [/127\.0\.0\.1:\d+/, 'nowhere.invalid', 'DATABASE_OWNER_URL'],
  ])('%s replaced by %s', async (part, wrong, sentence) => {
    await expect(ensureRoles(server.ownerUrl.replace(part, wrong), server.appUrl)).rejects.toThrow(sentence)
  })
})

test.each(['15.14 (Debian 15.14-1)', '9.6.24', ''])('a server of version %j is refused as too old', (version) => {
  expect(() => refuseOldServer(version, 'DATABASE_URL')).toThrow('needs 16 or newer')
})

test.each(['16.0', '18.4', '19beta1'])('a server of version %s will do', (version) => {
  expect(() => refuseOldServer(version, 'DATABASE_URL')).not.toThrow()
})

describe('migrating', () => {
  test('applies everything once, is quick when there is nothing to do, and web is let in', async () => {
    expect((await migrate(server.ownerUrl, server.appUrl)).length).toBeGreaterThan(0)
    const begin = performance.now()
    expect(await migrate(server.ownerUrl, server.appUrl)).toEqual([])
    expect(performance.now() - begin).toBeLessThan(1_000)
    await refuseUnmigrated(server.appUrl)
  }, 30_000)

  test('goes on after a run that was cut off', async () => {
    const ownerUrl = await newDatabase('cut_off')
    await as(ownerUrl, async (owner) => {
      // as Prisma leaves it: the first migration has begun, and its script was rolled back
      await owner.query(`CREATE TABLE _prisma_migrations (
        id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz, migration_name varchar(255) NOT NULL,
        logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count int NOT NULL DEFAULT 0)`)
      await owner.query(`INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('1', '', '0001_uuidv7')`)
    })
    expect(await migrate(ownerUrl, server.appUrl)).toContain('0001_uuidv7')
    expect(await migrate(ownerUrl, server.appUrl)).toEqual([])
  }, 30_000)

  test('names the migration that failed, and why', async () => {
    const ownerUrl = await newDatabase('in_the_way')
    await as(ownerUrl, (owner) => owner.query(`CREATE TYPE "OrgRole" AS ENUM ('other')`))
    await expect(migrate(ownerUrl, server.appUrl)).rejects.toThrow(
      /^The migration 0002_init failed: type "OrgRole" already exists/,
    )
  }, 30_000)

  test('leaves the database of another program alone', async () => {
    const ownerUrl = await newDatabase('another_program')
    await as(ownerUrl, (owner) => owner.query('CREATE TABLE theirs ()'))
    await expect(migrate(ownerUrl, server.appUrl)).rejects.toThrow('holds tables of another program')
  }, 30_000)

  test('refuses a database of a newer version, and changes nothing', async () => {
    await as(server.ownerUrl, (owner) =>
      owner.query(`INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
                   VALUES ('new', '', '9999_from_the_future', now(), 1)`),
    )
    await expect(migrate(server.ownerUrl, server.appUrl)).rejects.toThrow('9999_from_the_future')
    await expect(refuseUnmigrated(server.appUrl)).rejects.toThrow('newer version')
  })
})
