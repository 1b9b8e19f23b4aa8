import type pg from 'pg'

/** Tables that are written to, those with many rows first. */
const many = ['Booking', 'Student'] as const
const tables = [
  ...many,
  'Org',
  'OrgSettings',
  'User',
  'UserOrg',
  'Instructor',
  'Service',
  'RateCard',
  'RateCardItem',
  'Vehicle',
  'Location',
] as const

interface Lifted {
  readonly drop: string
  readonly create: string
}

/**
 * Takes off what is quicker put on afterwards: for the owner's transaction, which nobody sees before it commits, the
 * tables' policies and audit do not hold, and the large ones have no indexes, foreign keys and exclusions.
 * @returns puts all of it back, checking every row. Without it the transaction must not commit.
 */
export async function lift(client: pg.Client): Promise<() => Promise<void>> {
  const lifted = [...(await constraints(client)), ...(await indexes(client))]
  const seen = await referenced(client)
  for (const table of seen) await client.query(`ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`)
  for (const table of tables) await client.query(`ALTER TABLE "${table}" DISABLE TRIGGER audit`)
  for (const { drop } of lifted) await client.query(drop)
  return async () => {
    // exclusions last: they are the slowest, and a fault in anything else is then found before
    for (const { create } of lifted.toReversed()) await client.query(create)
    for (const table of tables) await client.query(`ALTER TABLE "${table}" ENABLE TRIGGER audit`)
    for (const table of seen) await client.query(`ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`)
  }
}

/** Our tables and those they refer to: the owner has to see the rows of both to check a foreign key. */
async function referenced(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT DISTINCT t::text AS name FROM (
        SELECT unnest($1::regclass[]) t
        UNION SELECT confrelid::regclass FROM pg_constraint WHERE conrelid = ANY($1::regclass[]) AND contype = 'f') all_of`,
    [tables.map((table) => `"${table}"`)],
  )
  return rows.map(({ name }) => name)
}

async function constraints(client: pg.Client): Promise<Lifted[]> {
  const { rows } = await client.query<{ table: string; name: string; definition: string }>(
    `SELECT conrelid::regclass::text AS table, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
       FROM pg_constraint WHERE conrelid = ANY($1::regclass[]) AND contype IN ('x', 'f') ORDER BY contype DESC, conname`,
    [many.map((table) => `"${table}"`)],
  )
  return rows.map(({ table, name, definition }) => ({
    drop: `ALTER TABLE ${table} DROP CONSTRAINT ${name}`,
    create: `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`,
  }))
}

async function indexes(client: pg.Client): Promise<Lifted[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
       FROM pg_index WHERE indrelid = ANY($1::regclass[])
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid) ORDER BY 1`,
    [many.map((table) => `"${table}"`)],
  )
  return rows.map(({ name, definition }) => ({ drop: `DROP INDEX ${name}`, create: definition }))
}

/** Statistics, and pages known to be visible to all, as after a day of use. */
export async function settle(client: pg.Client): Promise<void> {
  await client.query(`VACUUM (ANALYZE) ${tables.map((table) => `"${table}"`).join(', ')}`)
}
