import pg from 'pg'
import { Problem } from './problem.ts'

/** The oldest server the migrations and the roles are written for. */
const OLDEST = 16

/**
 * Opens one connection. Throws a Problem in plain words when the server is away, refuses the sign-in, lacks the database
 * or is too old; `setting` is the name of the setting the URL came from.
 */
export async function connect(url: string, setting: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  // a connection lost later fails the query that needs it; the event itself must not end the process
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ version: string }>(`SELECT current_setting('server_version') AS version`)
    refuseOldServer(rows[0]?.version ?? '', setting)
    return client
  } catch (error) {
    await client.end().catch(() => {})
    throw explainConnection(error, url, setting)
  }
}

/** Throws a Problem for a server below the oldest supported version; takes `server_version` as the server gives it. */
export function refuseOldServer(version: string, setting: string): void {
  if (Number.parseInt(version, 10) >= OLDEST) return
  throw new Problem(
    `The server of ${setting} is PostgreSQL ${version}; DriveFlow Admin needs ${OLDEST} or newer. ` +
      'Upgrade the server; nothing was changed on it.',
  )
}

/** The Problem behind a failed connection; an error of another kind is returned as it is. */
export function explainConnection(error: unknown, url: string, setting: string): unknown {
  if (!(error instanceof Error) || error instanceof Problem) return error
  const { hostname, port, pathname, username } = new URL(url)
  const place = `${hostname}:${port || '5432'}`
  const code = 'code' in error ? String(error.code) : ''
  const sentences: Readonly<Record<string, string>> = {
    ECONNREFUSED: `No PostgreSQL server answers at ${place}. Start it, or correct ${setting}.`,
    ENOTFOUND: `The host name "${hostname}" in ${setting} is not known. Correct it.`,
    EAI_AGAIN: `The host name "${hostname}" in ${setting} cannot be looked up at the moment.`,
    ETIMEDOUT: `The PostgreSQL server at ${place} (${setting}) does not answer.`,
    EHOSTUNREACH: `The PostgreSQL server at ${place} (${setting}) cannot be reached.`,
    ECONNRESET: `The PostgreSQL server at ${place} (${setting}) closed the connection.`,
    '28P01': `The server at ${place} refused user "${username}": wrong user or password in ${setting}.`,
    '28000': `The server at ${place} refused user "${username}" (${setting}): ${error.message}.`,
    '3D000': `The database "${pathname.slice(1)}" of ${setting} does not exist on ${place}. Create it first.`,
    '53300': `The server at ${place} has no connection left. Raise max_connections or lower DB_POOL_MAX.`,
    '57P03': `The server at ${place} is starting up or shutting down. Try again in a moment.`,
  }
  const sentence = sentences[code] ?? (/timeout/i.test(error.message) ? sentences.ETIMEDOUT : undefined)
  return sentence ? new Problem(sentence) : error
}
