import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cloneDatabase, school, type TestDatabase } from '../support/database.ts'

// Rules about all tables at once, read from PostgreSQL's own catalogue: a new table that breaks one fails here by name.

let db: TestDatabase
beforeAll(async () => {
  db = await cloneDatabase()
})
afterAll(() => db.drop())

/** The first column of each row. */
async function list(text: string, values: unknown[] = []): Promise<string[]> {
  return (await db.console('superuser', text, values)).map((row) => Object.values(row)[0] as string)
}

/** Tables without policies, and why that is right. */
const WITHOUT_POLICIES: Record<string, string> = {
  'public._prisma_migrations': 'names of migrations; the app may read three columns',
}

/** Tables without the audit trigger, and why that is right. */
const NOT_AUDITED: Record<string, string> = {
  AuditLog: 'is the record itself',
  AuditSeal: 'seals the record',
  Outbox: 'events are their own record and never change',
  MessageDelivery: 'the attempts at a message, which is recorded itself',
  OutboxDelivery: 'the progress of an event, thousands a minute',
  TripPoint: 'positions, thousands a day',
  TravelTimeCache: 'a cache',
  DataImportRow: 'rows of a file that wait to be records, thousands at once',
  _prisma_migrations: 'written by migrations only',
}

const TENANT_TABLES = `SELECT c.oid, c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'orgId'
  WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace`

describe('every table', () => {
  test('has row-level security, enabled and forced', async () => {
    const open = await list(`
      SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^(pg_|information_schema)'
         -- the job queue belongs to all schools; tests/process/jobs.test.ts shows that a school reads nothing of it
         AND n.nspname <> 'pgboss'
         AND NOT (c.relrowsecurity AND c.relforcerowsecurity)`)
    expect(open).toEqual(Object.keys(WITHOUT_POLICIES))
  })

  test('records its changes', async () => {
    const silent = await list(`
      SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
         AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'audit'
           AND t.tgfoid = 'audit_capture()'::regprocedure AND t.tgtype = 29 AND t.tgenabled = 'O')`)
    expect(silent.toSorted()).toEqual(Object.keys(NOT_AUDITED).toSorted())
  })

  test('is closed to PUBLIC', async () => {
    const open = await list(`
      SELECT c.relname FROM pg_class c, aclexplode(c.relacl) acl
       WHERE acl.grantee = 0 AND c.relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'auth'))`)
    expect(open).toEqual([])
  })

  test('keeps its times with their zone', async () => {
    const zoneless = await list(`
      SELECT table_schema || '.' || table_name || '.' || column_name FROM information_schema.columns
       WHERE data_type = 'timestamp without time zone' AND table_schema IN ('public', 'auth')`)
    expect(zoneless).toEqual([])
  })

  test('keeps amounts of money within a CHECK, but for entries that are signed', async () => {
    const unchecked = await list(`
      SELECT c.relname || '.' || a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
       WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attname ~ 'Cents$'
         AND NOT EXISTS (SELECT FROM pg_constraint k
           WHERE k.conrelid = c.oid AND k.contype = 'c' AND a.attnum = ANY (k.conkey))`)
    expect(unchecked).toEqual(['CreditEntry.valueCents'])
  })
})

describe("every table of a school's rows", () => {
  test('shows and takes only the rows of the school in app.org_id', async () => {
    const rule = `("orgId" = ( SELECT (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid AS "nullif"))`
    const other = await list(
      `WITH tenant AS (${TENANT_TABLES})
       SELECT relname FROM tenant WHERE (SELECT count(*) FROM pg_policy p
          WHERE p.polrelid = tenant.oid AND 'driveflow_app'::regrole = ANY (p.polroles)) <> 1
        OR NOT EXISTS (SELECT FROM pg_policies p WHERE p.tablename = relname AND p.policyname = 'tenant'
          AND p.cmd = 'ALL' AND p.permissive = 'PERMISSIVE' AND p.roles = '{driveflow_app}'
          AND p.qual = $1 AND p.with_check = $1)`,
      [rule],
    )
    expect(other).toEqual([])
  })

  test('refuses to move a row to another school', async () => {
    const movable = await list(`WITH tenant AS (${TENANT_TABLES}) SELECT relname FROM tenant
      WHERE NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = tenant.oid AND t.tgname = 'org_immutable'
        AND t.tgtype = 19 AND t.tgenabled = 'O')`)
    expect(movable).toEqual([])
  })

  test('refers to other rows together with their school, the row first', async () => {
    const loose = await list(`WITH tenant AS (${TENANT_TABLES})
      SELECT k.conname FROM pg_constraint k JOIN tenant child ON child.oid = k.conrelid JOIN tenant parent ON parent.oid = k.confrelid
       WHERE k.contype = 'f' AND (cardinality(k.conkey) <> 2 OR k.confupdtype <> 'r'
         OR (SELECT attname FROM pg_attribute WHERE attrelid = k.conrelid AND attnum = k.conkey[2]) <> 'orgId'
         OR (SELECT attname FROM pg_attribute WHERE attrelid = k.confrelid AND attnum = k.confkey[2]) <> 'orgId')`)
    expect(loose).toEqual([])
  })

  test('has an index that begins with the school', async () => {
    const slow = await list(`WITH tenant AS (${TENANT_TABLES}) SELECT relname FROM tenant
      WHERE NOT EXISTS (SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        WHERE i.indrelid = tenant.oid AND a.attname = 'orgId' AND i.indpred IS NULL)`)
    expect(slow).toEqual([])
  })

  test('is secured by one line in the migration that adds it', async () => {
    await db.console(
      'owner',
      'CREATE TABLE "Badge" (id uuid PRIMARY KEY DEFAULT uuidv7(), "orgId" uuid NOT NULL, label text)',
    )
    await db.console('owner', `SELECT secure_table('"Badge"')`)
    const [harbour, torrens] = [await school(db), await school(db)]
    const { id } = await harbour.add('Badge', { label: 'first lesson' })
    expect(await torrens.run('SELECT id FROM "Badge"')).toEqual([])
    await expect(harbour.change('Badge', id, { orgId: torrens.orgId })).rejects.toMatchObject({
      constraint: 'org_immutable',
    })
    const recorded = await harbour.run(`SELECT action FROM "AuditLog" WHERE "entityId" = $1`, [id])
    expect(recorded).toEqual([{ action: 'badge.create' }])
    await db.console('owner', 'DROP TABLE "Badge"')
  })
})

describe('roles', () => {
  test('none of ours but the test console can step around a policy', async () => {
    const mighty = await list(
      `SELECT rolname::text FROM pg_roles WHERE rolname ~ '^driveflow' AND (rolsuper OR rolbypassrls)`,
    )
    expect(mighty).toEqual([])
  })

  test('the app owns nothing and empties nothing', async () => {
    const app = `ARRAY['driveflow', 'driveflow_app', 'driveflow_auth', 'driveflow_worker']`
    const owned = await list(`SELECT o.x FROM (
      SELECT relname::text AS x, relowner AS owner FROM pg_class UNION ALL SELECT proname, proowner FROM pg_proc
      UNION ALL SELECT nspname, nspowner FROM pg_namespace UNION ALL SELECT datname, datdba FROM pg_database) o
      JOIN pg_roles r ON r.oid = o.owner WHERE r.rolname = ANY (${app})`)
    const emptied = await list(`SELECT r || ' ' || c.relname FROM pg_class c, unnest(${app}) r
      WHERE c.relkind = 'r' AND c.relnamespace::regnamespace::text IN ('public', 'auth') AND has_table_privilege(r, c.oid, 'TRUNCATE')`)
    expect([owned, emptied]).toEqual([[], []])
  })

  test('only sign-in, the dispatcher and the audit see more than one school', async () => {
    const wide = await list(
      `SELECT tablename || ' ' || array_to_string(roles, ',') FROM pg_policies WHERE qual = 'true' ORDER BY 1`,
    )
    expect(wide).toEqual([
      // whose an object of Stripe is: ids only, by the functions stripe_home and stripe_homes
      'Dispute driveflow_audit',
      'Instructor driveflow_audit',
      // sign-in lets the people of the platform in for a while
      'OperatorAccess driveflow_auth',
      'OperatorAccess driveflow_auth',
      'Org driveflow_auth',
      'Org driveflow_worker',
      'OrgSettings driveflow_auth',
      'Outbox driveflow_worker',
      'OutboxDelivery driveflow_worker',
      'Payment driveflow_audit',
      'Payout driveflow_audit',
      'Refund driveflow_audit',
      'ScheduledStateTransition driveflow_worker',
      'TransferReversal driveflow_audit',
      'User driveflow_auth',
      'User driveflow_auth',
      'UserOrg driveflow_audit',
      'UserOrg driveflow_auth',
      'WebhookEvent driveflow_worker',
      // of the schema outbox
      'archived_event driveflow_worker',
      'link driveflow_auth',
      'paused_job driveflow_worker',
      'recovery_code driveflow_auth',
      'second_factor driveflow_auth',
      'session driveflow_auth',
      'throttle driveflow_auth',
    ])
  })

  test('functions that run with the rights of their owner belong to the audit and look nowhere else for names', async () => {
    const loose = await list(`SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace
      AND (proowner <> 'driveflow_audit'::regrole OR proconfig IS DISTINCT FROM ARRAY['search_path=pg_catalog, public, pg_temp'])`)
    expect(loose).toEqual([])
  })

  test('no function of ours is open to PUBLIC', async () => {
    const open = await list(`SELECT p.oid::regprocedure::text FROM pg_proc p
       WHERE pronamespace = 'public'::regnamespace
         AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e')
         AND (proacl IS NULL OR EXISTS (SELECT FROM aclexplode(proacl) WHERE grantee = 0))`)
    expect(open).toEqual([])
  })

  test('the app’s sessions count in UTC', async () => {
    expect(await db.transaction({}, (run) => run('SHOW timezone'))).toEqual([{ TimeZone: 'UTC' }])
  })
})
