import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { sealAudit as sealOnce } from '../../src/domain/audit/seal.ts'
import { type SchoolCheck, verifyAudit } from '../../src/domain/audit/verify.ts'
import { publishHeads, readMarks } from '../../src/services/audit-heads.ts'
import { cloneDatabase, type Row, school, type School, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
let db: Database
let harbour: School
let heads: string
beforeEach(async () => {
  database = await cloneDatabase()
  harbour = await school(database)
  db = await openDatabase(database.url, { max: 6 })
  heads = mkdtempSync(join(tmpdir(), 'audit-heads-'))
})
afterEach(async () => {
  await db.close()
  await database.drop()
  rmSync(heads, { recursive: true })
})

const superuser = (text: string, values?: unknown[]): Promise<Row[]> => database.console('superuser', text, values)

/** Until nothing is left to seal: the sealer waits for every transaction of the server, also of tests beside this one. */
async function sealAudit(on: Database): Promise<number> {
  let sealed = 0
  for (;;) {
    sealed += await sealOnce(on)
    if ((await superuser('SELECT 1 FROM "AuditLog" WHERE hash IS NULL LIMIT 1')).length === 0) return sealed
  }
}

const change = (phone: string) => harbour.change('Student', harbour.studentId, { phone })

async function verified(marks = new Map()): Promise<SchoolCheck> {
  const checks = []
  for await (const check of verifyAudit(db, { marks })) checks.push(check)
  return checks.find(({ orgId }) => orgId === harbour.orgId)!
}

/** What somebody with the whole server could do: change the log with its triggers off, and turn them on again. */
async function behindItsBack(...statements: string[]): Promise<void> {
  const off = (on: boolean) =>
    superuser(`DO $$ DECLARE part regclass; BEGIN
      FOR part IN SELECT relid FROM pg_partition_tree('"AuditLog"') LOOP
        EXECUTE format('ALTER TABLE %s ${on ? 'ENABLE' : 'DISABLE'} TRIGGER USER', part); END LOOP; END $$`)
  await off(false)
  for (const statement of statements) await superuser(statement)
  await off(true)
}

const row = async (number: number): Promise<Row> => {
  const [found] = await harbour.run('SELECT * FROM "AuditLog" WHERE number = $1', [number])
  return found!
}

test('what was written is sealed in the order of writing, and verifies', async () => {
  for (const phone of ['0491 570 006', '0491 570 110', '0491 570 156']) await change(phone)
  const sealed = await sealAudit(db)
  const rows = await harbour.run('SELECT number, seq, "prevHash", hash FROM "AuditLog" ORDER BY number')
  expect(rows.length).toBe(sealed)
  expect(rows.map(({ number }) => number)).toEqual(rows.map((_, index) => index + 1))
  expect(rows.slice(1).map(({ prevHash }) => prevHash)).toEqual(rows.slice(0, -1).map(({ hash }) => hash))
  expect(await verified()).toMatchObject({ checked: sealed, unsealed: 0, bad: undefined })
})

test('every kind of value comes out of the log as it was hashed', async () => {
  const details = {
    text: '“ü” \n\\ \u{1F697} </script>',
    number: 1.5,
    big: 12345678901234,
    nothing: null,
    list: [1, 'a'],
    deep: { a: true },
  }
  await harbour.run('SELECT audit_event($1, NULL, $2, NULL, NULL, $3, $4, $5, $6)', [
    harbour.orgId,
    'test.event',
    'Thing',
    'id with spaces',
    'because “so”',
    details,
  ])
  await sealAudit(db)
  expect((await verified()).bad).toBeUndefined()
})

test('a transaction that still runs is waited for: nobody is sealed in front of it and nobody waits for it', async () => {
  await sealAudit(db)
  await harbour.transaction(async (run) => {
    await run(`UPDATE "Student" SET phone = '0491 570 001' WHERE id = $1`, [harbour.studentId])
    await harbour.change('Vehicle', harbour.vehicleId, { model: 'Yaris' })
    // the other is finished, but began later
    expect(await sealOnce(db)).toBe(0)
  })
  expect(await sealAudit(db)).toBe(2)
  expect((await verified()).bad).toBeUndefined()
})

test('what is not sealed yet is counted, and sealed by whoever comes next, once', async () => {
  await sealAudit(db)
  await change('0491 570 006')
  expect((await verified()).unsealed).toBe(1)
  const turns = await Promise.all([sealAudit(db), sealAudit(db), sealAudit(db)])
  expect(turns.reduce((sum, one) => sum + one, 0)).toBe(1)
})

test('a database that came to another server, where transactions count anew, goes on being sealed', async () => {
  await sealAudit(db)
  await change('0491 570 006')
  await superuser('UPDATE audit.progress SET tx = tx + 1000000')
  await behindItsBack('UPDATE "AuditLog" SET tx = tx + 1000000 WHERE hash IS NULL')
  expect(await sealAudit(db)).toBe(1)
  await change('0491 570 110')
  expect(await sealAudit(db)).toBe(1)
  expect((await verified()).bad).toBeUndefined()
})

describe('the first bad row is named when somebody with the whole server', () => {
  beforeEach(async () => {
    for (let turn = 0; turn < 12; turn++) await change(`0491 570 1${10 + turn}`)
    await sealAudit(db)
  })

  test('edits one', async () => {
    const { id } = await row(5)
    await behindItsBack(`UPDATE "AuditLog" SET "actorRole" = 'owner' WHERE id = '${id}'`)
    expect((await verified()).bad).toEqual({ number: 5, id, what: 'was changed after it was sealed' })
  })

  test('deletes one', async () => {
    const { id } = await row(7)
    await behindItsBack(`DELETE FROM "AuditLog" WHERE id = '${id}'`)
    expect((await verified()).bad).toEqual({ number: 7, id: null, what: 'is missing' })
  })

  test('cuts the end off', async () => {
    const { rows } = { rows: await harbour.run('SELECT max(number)::int AS last FROM "AuditLog"') }
    const last = rows[0]!.last as number
    await behindItsBack(`DELETE FROM "AuditLog" WHERE number > ${last - 2}`)
    expect((await verified()).bad).toMatchObject({ number: last - 1, what: 'is missing' })
  })

  test('cuts the end off and sets the noted end back, which the published heads know', async () => {
    await publishHeads(db, heads, new Date())
    const [{ last }] = (await harbour.run('SELECT max(number)::int AS last FROM "AuditLog"')) as unknown as [
      { last: number },
    ]
    await behindItsBack(
      `DELETE FROM "AuditLog" WHERE number > ${last - 2}`,
      `UPDATE audit.head h SET number = l.number, hash = l.hash, seq = l.seq FROM "AuditLog" l WHERE l.number = ${last - 2}`,
      `DELETE FROM "AuditSeal"`,
    )
    expect((await verified()).bad).toBeUndefined()
    expect((await verified(readMarks(heads)!)).bad).toMatchObject({
      number: last - 1,
      what: expect.stringContaining('jsonl'),
    })
  })

  test('swaps two', async () => {
    const [a, b] = [await row(4), await row(6)]
    await behindItsBack(`UPDATE "AuditLog" SET number = CASE number WHEN 4 THEN 6 ELSE 4 END, hash = CASE number WHEN 4 THEN '${b.hash as string}'
      ELSE '${a.hash as string}' END, "prevHash" = CASE number WHEN 4 THEN '${b.prevHash as string}' ELSE '${a.prevHash as string}' END
      WHERE number IN (4, 6)`)
    expect((await verified()).bad).toMatchObject({ number: 4, what: 'was changed after it was sealed' })
  })

  test('puts them into another order', async () => {
    await behindItsBack('UPDATE "AuditLog" SET number = 11 - number WHERE number BETWEEN 3 AND 8')
    expect((await verified()).bad).toMatchObject({ number: 3 })
  })

  test('puts one in between', async () => {
    await behindItsBack(`INSERT INTO "AuditLog" ("orgId", action, "entityType", "entityId", number, "prevHash", hash)
      SELECT "orgId", 'made.up', 'User', 'x', 5, "prevHash", hash FROM "AuditLog" WHERE number = 5`)
    expect((await verified()).bad).toMatchObject({ number: 5 })
  })

  test('takes the seal off', async () => {
    await behindItsBack('UPDATE "AuditLog" SET number = NULL, hash = NULL, "prevHash" = NULL WHERE number > 9')
    expect((await verified()).bad).toMatchObject({ number: 10, what: 'is missing' })
  })

  test('rewrites the whole history with hashes that fit, which only the heads outside know', async () => {
    await publishHeads(db, heads, new Date())
    await behindItsBack(
      `UPDATE "AuditLog" SET "actorRole" = 'nobody' WHERE number = 3`,
      `DO $$ DECLARE l "AuditLog"; previous text; BEGIN
        FOR l IN SELECT * FROM "AuditLog" ORDER BY number LOOP
          IF previous IS NOT NULL THEN l."prevHash" := previous; END IF;
          previous := encode(sha256(convert_to(l."prevHash" || audit.content(l), 'UTF8')), 'hex');
          UPDATE "AuditLog" SET hash = previous, "prevHash" = l."prevHash" WHERE id = l.id;
        END LOOP;
        UPDATE audit.head SET hash = previous;
      END $$`,
      'DELETE FROM "AuditSeal"',
    )
    expect((await verified()).bad).toBeUndefined()
    expect((await verified(readMarks(heads)!)).bad!.what).toMatch(
      /^is not the row that the file .*: history was rewritten$/,
    )
  })
})

describe('whoever is not the server’s superuser is refused', () => {
  const tries = [
    `UPDATE "AuditLog" SET reason = 'never mind'`,
    'UPDATE "AuditLog" SET hash = NULL, number = NULL',
    'DELETE FROM "AuditLog"',
    'TRUNCATE "AuditLog"',
    'ALTER TABLE "AuditLog" DISABLE TRIGGER append_only',
    'DELETE FROM audit.head',
    'UPDATE audit.progress SET tx = 0',
    'DELETE FROM "AuditSeal"',
  ]
  beforeEach(async () => {
    await change('0491 570 006')
    await sealAudit(db)
    await publishHeads(db, heads, new Date())
  })

  test.for(tries)('the app, the worker, and sign-in: %s', async (statement) => {
    await expect(harbour.run(statement)).rejects.toMatchObject({ code: '42501' })
    for (const role of ['driveflow_worker', 'driveflow_auth']) {
      const asRole = database.transaction({}, async (run) => {
        await run(`SET LOCAL ROLE ${role}`)
        return run(statement)
      })
      await expect(asRole).rejects.toMatchObject({ code: '42501' })
    }
  })

  test.for(['"AuditLog"', 'audit."AuditLog_first"'])('the owner of the tables changes nothing in %s', async (table) => {
    const before = await superuser('SELECT * FROM "AuditLog" ORDER BY id')
    for (const statement of [`UPDATE ${table} SET reason = 'x'`, `DELETE FROM ${table}`])
      await database.console('owner', statement).catch(() => {})
    await expect(database.console('owner', `TRUNCATE ${table}`)).rejects.toThrow(/append-only/)
    expect(await superuser('SELECT * FROM "AuditLog" ORDER BY id')).toEqual(before)
  })

  const first = 'audit."AuditLog_first"'
  const move = (from: number, to: number) => `UPDATE ${first} SET number = ${to} WHERE number = ${from}`
  const rewritings: [what: string, statements: string[], bad: object][] = [
    [
      'edits one',
      [`UPDATE ${first} SET "actorRole" = 'nobody' WHERE number = 2`],
      { number: 2, what: 'was changed after it was sealed' },
    ],
    ['deletes one', [`DELETE FROM ${first} WHERE number = 2`], { number: 2, what: 'is missing' }],
    ['cuts the end off', [`DELETE FROM ${first} WHERE number >= 3`], { number: 3, what: 'is missing' }],
    ['swaps two', [move(2, -2), move(3, 2), move(-2, 3)], { number: 2 }],
    ['puts the last one first', [move(4, -4), move(3, 4), move(2, 3), move(-4, 2)], { number: 2 }],
  ]
  test.for(rewritings)(
    'an owner who turns triggers and policies off and %s is named by the check',
    async ([, statements, bad]) => {
      const asOwner = (text: string) => database.console('owner', text)
      await asOwner(`ALTER TABLE ${first} DISABLE TRIGGER USER`)
      await asOwner(`ALTER TABLE ${first} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY`)
      for (const statement of statements) await asOwner(statement)
      expect((await verified()).bad).toMatchObject(bad)
    },
  )

  test('nobody of them calls the sealer but the worker', async () => {
    await expect(harbour.run('SELECT audit.seal(1)')).rejects.toMatchObject({ code: '42501' })
    await expect(harbour.run('SELECT audit.note_published($1, now()::date, $2)', ['[]', 'x'])).rejects.toMatchObject({
      code: '42501',
    })
  })

  test('the worker seals rows and reads none', async () => {
    const asWorker = database.transaction({}, async (run) => {
      await run('SET LOCAL ROLE driveflow_worker')
      return run('SELECT id FROM "AuditLog"')
    })
    await expect(asWorker).rejects.toMatchObject({ code: '42501' })
  })

  test('a school sees where its own chain is, and no other’s', async () => {
    const other = await school(database, { name: 'Torrens' })
    await sealAudit(db)
    expect(await harbour.run('SELECT "orgId" FROM audit.head')).toEqual([{ orgId: harbour.orgId }])
    expect(await other.run('SELECT "orgId" FROM audit.head')).toEqual([{ orgId: other.orgId }])
  })
})

describe('heads outside the database', () => {
  test('a line for each school whose chain went on, and a seal a day', async () => {
    await sealAudit(db)
    const at = new Date('2026-11-23T10:00:00Z')
    const { file } = await publishHeads(db, heads, at)
    await publishHeads(db, heads, at)
    await change('0491 570 006')
    await sealAudit(db)
    await publishHeads(db, heads, new Date('2026-11-23T11:00:00Z'))
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { number: number })
    expect(lines.map(({ number }) => number)).toEqual([lines[0]!.number, lines[0]!.number + 1])
    expect(await harbour.run('SELECT "rowCount", "publishedTo" FROM "AuditSeal"')).toEqual([
      { rowCount: lines[0]!.number, publishedTo: '2026-11-23.jsonl' },
    ])
    expect((await verified(readMarks(heads)!)).bad).toBeUndefined()
  })

  test('no files is said, and a file that is none is named', () => {
    expect(readMarks(join(heads, 'nowhere'))).toBeNull()
    writeFileSync(join(heads, '2026-11-23.jsonl'), 'not a head\n')
    expect(() => readMarks(heads)).toThrow(/Line 1 of .*2026-11-23\.jsonl is not a head of an audit chain/)
  })
})

describe('months', () => {
  const parts = () =>
    superuser(`SELECT relid::regclass::text AS name FROM pg_partition_tree('"AuditLog"') WHERE isleaf ORDER BY 1`)

  test('the coming ones are made by the worker, once', async () => {
    const prepare = () => db.workerQuery('SELECT audit.prepare_parts($1) AS made', [3])
    expect((await prepare()).rows).toEqual([{ made: 3 }])
    expect((await prepare()).rows).toEqual([{ made: 0 }])
    expect(await parts()).toHaveLength(5)
    const open =
      await superuser(`SELECT relname FROM pg_class WHERE relnamespace = 'audit'::regnamespace AND relkind = 'r'
      AND NOT (relrowsecurity AND relforcerowsecurity)`)
    expect(open).toEqual([])
  })

  test('one that came while no worker ran stays where its rows went, and the later ones are made', async () => {
    const [{ cut }] = (await superuser(`SELECT clock_timestamp() + interval '1 ms' AS cut`)) as unknown as [
      { cut: Date },
    ]
    await superuser(`ALTER TABLE "AuditLog" DETACH PARTITION audit."AuditLog_first"`)
    await superuser(
      `ALTER TABLE "AuditLog" ATTACH PARTITION audit."AuditLog_first" FOR VALUES FROM (MINVALUE) TO (audit.first_id('${cut.toISOString()}'))`,
    )
    await superuser(`UPDATE audit.part SET until = date_trunc('month', now()) WHERE name = 'AuditLog_first'`)
    await change('0491 570 006')
    expect((await db.workerQuery('SELECT audit.prepare_parts($1) AS made', [2])).rows).toEqual([{ made: 2 }])
    await sealAudit(db)
    expect((await verified()).bad).toBeUndefined()
  })

  test('one that is over is taken out whole, and the rest still verifies from its boundary', async () => {
    await db.workerQuery('SELECT audit.prepare_parts($1)', [3])
    for (const phone of ['0491 570 006', '0491 570 110']) await change(phone)
    await sealAudit(db)
    const before = (await verified()).checked
    // as if a month had ended just now
    const [{ cut }] = (await superuser(`SELECT clock_timestamp() + interval '1 ms' AS cut`)) as unknown as [
      { cut: Date },
    ]
    await superuser(`ALTER TABLE "AuditLog" DETACH PARTITION audit."AuditLog_first"`)
    await superuser(
      `ALTER TABLE "AuditLog" ATTACH PARTITION audit."AuditLog_first" FOR VALUES FROM (MINVALUE) TO (audit.first_id('${cut.toISOString()}'))`,
    )
    await superuser(`UPDATE audit.part SET until = $1 WHERE name = 'AuditLog_first'`, [cut])
    await change('0491 570 156')
    await sealAudit(db)
    const out = await database.console('owner', 'SELECT audit.detach_parts($1) AS part', ['2100-01-01'])
    expect(out).toEqual([{ part: 'AuditLog_first' }])
    const left = await verified()
    expect(left).toMatchObject({ bad: undefined })
    expect(left.checked).toBeLessThan(before)
    const [boundary] = await harbour.run('SELECT number, part FROM audit.boundary')
    expect(boundary).toEqual({ number: before, part: 'AuditLog_first' })
    // what was taken out stays as it is
    await expect(superuser(`DELETE FROM audit."AuditLog_first"`)).rejects.toThrow(/append-only/)
    await behindItsBack(`DELETE FROM "AuditLog" WHERE number = ${before + 1}`)
    expect((await verified()).bad).toMatchObject({ number: before + 1 })
  })
})
