import pg from 'pg'

export interface Ears {
  readonly onMessage: (payload: string) => void
  /** The connection was lost and is there again: what was said meanwhile is not known. */
  readonly onReconnect: () => void
}

const AGAIN_AFTER_MS = 1_000

/** Hears `channel` of a database; a lost connection is made again until close(). @throws when the first one cannot be had */
export async function listen(url: string, channel: string, ears: Ears): Promise<{ close(): Promise<void> }> {
  let closed = false
  let timer: NodeJS.Timeout | undefined
  let client: pg.Client | undefined

  const connect = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: url, keepAlive: true, application_name: 'driveflow listener' })
    let established = false
    const lost = (): void => {
      if (client === next) client = undefined
      if (established) again()
      established = false
    }
    next.on('error', lost).on('end', lost)
    next.on('notification', ({ payload = '' }) => ears.onMessage(payload))
    await next.connect()
    await next.query(`LISTEN ${pg.escapeIdentifier(channel)}`)
    if (closed) return await next.end()
    client = next
    established = true
  }

  const again = (): void => {
    if (closed) return
    timer = setTimeout(() => connect().then(ears.onReconnect, again), AGAIN_AFTER_MS)
  }

  await connect()
  return {
    close: async () => {
      closed = true
      clearTimeout(timer)
      await client?.end()
    },
  }
}
