import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { sealAudit } from '../../src/domain/audit/seal.ts'
import { publishHeads } from '../../src/services/audit-heads.ts'
import { cloneDatabase, type School, school, type TestDatabase } from '../support/database.ts'
import { cleanUp, endPrograms, Program, temporaryDirectory, untilTrue } from './program.ts'

let database: TestDatabase
let db: Database
let harbour: School
let dataDir: string
beforeAll(async () => {
  database = await cloneDatabase()
  db = await openDatabase(database.url)
  harbour = await school(database, { name: 'Harbour' })
  dataDir = temporaryDirectory()
})
afterEach(endPrograms)
afterAll(async () => {
  await cleanUp()
  await db.close()
  await database.drop()
})

const env = () => ({ DATABASE_URL: database.url, DATA_DIR: dataDir })

async function verify(...args: string[]): Promise<{ code: number | null; said: string }> {
  const program = new Program('src/main.ts', ['audit:verify', ...args], env())
  const code = await program.end()
  return { code, said: program.output }
}

test('a worker seals what is written within seconds, and another goes on where it was killed', async () => {
  const unsealed = async () => (await harbour.run('SELECT 1 FROM "AuditLog" WHERE hash IS NULL')).length
  const first = Program.main('worker', env())
  await untilTrue(async () => (await unsealed()) === 0, 'everything to be sealed')
  await first.signal('SIGKILL')
  await harbour.change('Student', harbour.studentId, { phone: '0491 570 110' })
  Program.main('worker', env())
  await untilTrue(async () => (await unsealed()) === 0, 'the rest to be sealed')
})

test('the check says what it checked, that there are no heads outside, and ends with 0', async () => {
  await sealAudit(db)
  rmSync(join(dataDir, 'audit-heads'), { recursive: true, force: true })
  const { code, said } = await verify()
  expect(said).toMatch(/Harbour \(.*\): \d+ rows in order/)
  expect(said).toMatch(
    /There are no heads under .*audit-heads, so a history that was rewritten as a whole would not be noticed/,
  )
  expect(code).toBe(0)
})

test('a file of heads that is gone is named, and how to have it again', async () => {
  await sealAudit(db)
  const directory = join(dataDir, 'audit-heads')
  await publishHeads(db, directory, new Date('2026-11-20T10:00:00Z'))
  await harbour.change('Student', harbour.studentId, { phone: '0491 570 111' })
  await sealAudit(db)
  await publishHeads(db, directory, new Date('2026-11-21T10:00:00Z'))
  rmSync(join(directory, '2026-11-20.jsonl'))
  const { code, said } = await verify()
  expect([code, said]).toEqual([0, expect.stringMatching(/The file 2026-11-20\.jsonl .* is missing .* Restore it/)])
  rmSync(directory, { recursive: true })
})

test('it names the first bad row and ends with 1, for one school as for all', async () => {
  await sealAudit(db)
  await publishHeads(db, join(dataDir, 'audit-heads'), new Date())
  const [row] = await harbour.run('SELECT id FROM "AuditLog" WHERE number = 3')
  await database.console('superuser', 'ALTER TABLE audit."AuditLog_first" DISABLE TRIGGER USER')
  await database.console('superuser', `UPDATE "AuditLog" SET reason = 'made up' WHERE id = $1`, [row!.id])
  const { code, said } = await verify('--school', harbour.orgId)
  expect([code, said]).toEqual([1, expect.stringContaining(`row 3 (${row!.id}) was changed after it was sealed`)])
  expect(said).not.toContain('There are no heads')
})

test('a mistyped school, an unknown one and a missing manifest get a sentence', async () => {
  expect((await verify('--school', 'harbour')).said).toContain('Usage: npm run audit:verify')
  expect((await verify('--school', crypto.randomUUID())).said).toContain('There is no school with the id')
  const none = await verify('--manifest', join(dataDir, 'none.json'))
  expect([none.code, none.said]).toEqual([1, expect.stringMatching(/^There is no file .*none\.json\.\n$/)])
})
