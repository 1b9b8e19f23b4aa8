import { PgBoss } from 'pg-boss'
import type pg from 'pg'
import { SCHEMA } from '../core/queues.ts'

/**
 * Brings the tables of the job queue up to date, as the owner, and gives the rights on them: the app puts jobs in, the
 * worker does the rest. Safe to repeat and to run from several processes.
 */
export async function migrateQueues(owner: pg.Client): Promise<void> {
  const boss = new PgBoss({
    db: { executeSql: async (text, values) => await owner.query(text, values) },
    schema: SCHEMA,
    supervise: false,
    schedule: false,
    registerInstance: false,
    openTelemetry: { enabled: false },
  })
  boss.on('error', () => {})
  await boss.start()
  await boss.stop({ graceful: false })
  if (!(await hasRights(owner))) await grantRights(owner)
}

async function hasRights(owner: pg.Client): Promise<boolean> {
  const { rows } = await owner.query<{ complete: boolean }>(
    `SELECT bool_and(has_table_privilege('driveflow_worker', c.oid, 'SELECT, INSERT, UPDATE, DELETE'))
              AND has_table_privilege('driveflow_app', '${SCHEMA}.job_common', 'INSERT')
              AND has_table_privilege('driveflow_audit', '${SCHEMA}.job', 'DELETE')
              AND to_regclass('${SCHEMA}.job_of_request') IS NOT NULL AS complete
       FROM pg_class c WHERE c.relnamespace = '${SCHEMA}'::regnamespace AND c.relkind IN ('r', 'p')`,
  )
  return rows[0]?.complete === true
}

async function grantRights(owner: pg.Client): Promise<void> {
  await owner.query(`BEGIN;
    SELECT pg_advisory_xact_lock(hashtext('driveflow queues'));
    GRANT USAGE ON SCHEMA ${SCHEMA} TO driveflow_app, driveflow_worker;
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${SCHEMA} TO driveflow_worker;
    -- a school's statement puts a job in and learns its id; what is in the queue it cannot read
    GRANT INSERT, SELECT (id, start_after) ON ${SCHEMA}.job_common TO driveflow_app;
    GRANT SELECT ON ${SCHEMA}.queue TO driveflow_app;
    -- who is anonymised is taken out of the queue as well
    GRANT USAGE ON SCHEMA ${SCHEMA} TO driveflow_audit;
    GRANT SELECT, DELETE ON ${SCHEMA}.job TO driveflow_audit;
    -- what a request has led to, for the history of records
    CREATE INDEX IF NOT EXISTS job_of_request ON ${SCHEMA}.job_common ((data ->> 'requestId')) WHERE data ->> 'requestId' IS NOT NULL;
    COMMIT`)
}
