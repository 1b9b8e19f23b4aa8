import pg from 'pg'
import { connect } from './connect.ts'
import { Problem } from './problem.ts'

/** The roles that hold rights; nobody signs in as one of them. See docs/operations.md. */
const GROUPS = ['driveflow_app', 'driveflow_auth', 'driveflow_worker', 'driveflow_audit'] as const

/** What every sign-in of the application starts with. */
const LOGIN_SETTINGS = {
  timezone: 'UTC',
  statement_timeout: '30s',
  idle_in_transaction_session_timeout: '60s',
} as const

/**
 * Makes the roles, the application's sign-in, and their memberships, whatever of it is missing. Safe to repeat and to
 * run from several processes. Throws a Problem, with the SQL for an administrator, when the owner may not do it.
 */
export async function ensureRoles(ownerUrl: string, appUrl: string): Promise<void> {
  const app = new URL(appUrl)
  const login = decodeURIComponent(app.username)
  const client = await connect(ownerUrl, 'DATABASE_OWNER_URL')
  try {
    for (let attempt = 1; ; attempt++) {
      const facts = await readFacts(client, login)
      refuseWrongLogin(facts, login)
      const statements = missing(facts, login, decodeURIComponent(app.password))
      if (statements.length === 0) return
      if (!facts.maycreate) throw needsAdministrator(statements)
      if (await run(client, statements)) return
      // roles belong to the whole server: another process was doing the same at this moment
      if (attempt === 5) throw new Problem('The database roles are being changed by somebody else. Try again.')
    }
  } finally {
    await client.end()
  }
}

interface Facts {
  readonly owner: string
  readonly maycreate: boolean
  readonly roles: readonly string[]
  readonly login: { super: boolean; bypass: boolean; settings: string[] | null } | null
  readonly ownersettings: string[] | null
  readonly memberships: readonly { role: string; member: string; inherit: boolean; set: boolean }[]
}

async function readFacts(client: pg.Client, login: string): Promise<Facts> {
  const { rows } = await client.query<Facts>(
    `SELECT current_user AS owner,
            (SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user) AS maycreate,
            ARRAY(SELECT rolname::text FROM pg_roles) AS roles,
            (SELECT json_build_object('super', rolsuper, 'bypass', rolbypassrls, 'settings', rolconfig)
               FROM pg_roles WHERE rolname = $1) AS login,
            (SELECT rolconfig FROM pg_roles WHERE rolname = current_user) AS ownersettings,
            (SELECT coalesce(json_agg(json_build_object('role', g.rolname, 'member', u.rolname,
                                                        'inherit', m.inherit_option, 'set', m.set_option)), '[]')
               FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles u ON u.oid = m.member
              WHERE g.rolname LIKE 'driveflow%') AS memberships`,
    [login],
  )
  return rows[0] as Facts
}

function refuseWrongLogin(facts: Facts, login: string): void {
  if (login === facts.owner) {
    throw new Problem(
      `DATABASE_URL and DATABASE_OWNER_URL both sign in as "${login}". The application needs a user of its own: ` +
        'the owner of the tables is not bound by their rules.',
    )
  }
  if (facts.login?.super || facts.login?.bypass) {
    throw new Problem(
      `The user "${login}" of DATABASE_URL is a superuser or has BYPASSRLS, so the database could not keep the ` +
        'schools apart. Use an ordinary user.',
    )
  }
}

/** The statements that are still to be run, in order. */
function missing(facts: Facts, login: string, password: string): string[] {
  const name = pg.escapeIdentifier(login)
  const isMember = (role: string, member: string, inherit: boolean): boolean =>
    facts.memberships.some((m) => m.role === role && m.member === member && m.inherit === inherit && m.set)
  const grant = (role: string, member: string, inherit: boolean): string[] =>
    isMember(role, member, inherit)
      ? []
      : [`GRANT ${role} TO ${pg.escapeIdentifier(member)} WITH INHERIT ${inherit ? 'TRUE' : 'FALSE'}, SET TRUE`]
  const hasSetting = (settings: string[] | null | undefined, key: string, value: string): boolean =>
    settings?.some((entry) => entry.toLowerCase() === `${key}=${value}`.toLowerCase()) ?? false
  return [
    ...GROUPS.filter((role) => !facts.roles.includes(role)).map((role) => `CREATE ROLE ${role} NOLOGIN`),
    ...(facts.login ? [] : [`CREATE ROLE ${name} LOGIN PASSWORD ${pg.escapeLiteral(password)}`]),
    ...grant('driveflow_app', login, true),
    // taken on for one transaction with SET LOCAL ROLE, never held throughout
    ...grant('driveflow_auth', login, false),
    ...grant('driveflow_worker', login, false),
    ...grant('driveflow_audit', facts.owner, true),
    ...Object.entries(LOGIN_SETTINGS)
      .filter(([key, value]) => !hasSetting(facts.login?.settings, key, value))
      .map(([key, value]) => `ALTER ROLE ${name} SET ${key} = '${value}'`),
    ...(hasSetting(facts.ownersettings, 'timezone', 'UTC')
      ? []
      : [`ALTER ROLE ${pg.escapeIdentifier(facts.owner)} SET timezone = 'UTC'`]),
  ]
}

/** True when all ran; false when another process got in between. */
async function run(client: pg.Client, statements: readonly string[]): Promise<boolean> {
  try {
    await client.query('BEGIN')
    // one after the other within a database; across databases of one server the retry above does it
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('driveflow roles'))`)
    for (const statement of statements) await client.query(statement)
    await client.query('COMMIT')
    return true
  } catch (error) {
    await client.query('ROLLBACK')
    if (!(error instanceof pg.DatabaseError)) throw error
    if (error.code === '42501') throw needsAdministrator(statements)
    if (['42710', '23505', 'XX000', '40001', '40P01'].includes(error.code ?? '')) return false
    throw error
  }
}

function needsAdministrator(statements: readonly string[]): Problem {
  const sql = statements.map((statement) => `  ${statement.replace(/PASSWORD '.*'$/, `PASSWORD '…'`)};`).join('\n')
  return new Problem(
    'The owner user of DATABASE_OWNER_URL may not create roles. Give it CREATEROLE, ' +
      `or have an administrator of the PostgreSQL server run:\n${sql}`,
  )
}
