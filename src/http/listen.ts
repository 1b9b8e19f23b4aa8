import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Express } from 'express'
import type { Config } from '../config.ts'
import { Problem } from '../postgres/problem.ts'

const HEADERS_WITHIN_MS = 10_000
const BODY_WITHIN_MS = 60_000
/** Longer than the proxies in front usually keep a connection, so that it is they who close it. */
const KEEP_ALIVE_MS = 65_000
const FINISH_WITHIN_MS = 8000

export interface Listening {
  server: Server
  /** The port really in use; it differs from config.port when that is 0. */
  port: number
  /** Takes no more requests, lets the running ones finish for a few seconds, then closes what is left. */
  close(): Promise<void>
}

/** Serves `app` at config.host and config.port. @throws Problem with a sentence for the operator: port taken, not allowed, … */
export async function listen(app: Express, { host, port }: Pick<Config, 'host' | 'port'>): Promise<Listening> {
  const server = createServer(
    { headersTimeout: HEADERS_WITHIN_MS, requestTimeout: BODY_WITHIN_MS, keepAliveTimeout: KEEP_ALIVE_MS },
    app,
  )
  server.listen(port, host)
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw explain(error, host, port)
  })
  return { server, port: (server.address() as AddressInfo).port, close: () => close(server) }
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  // a kept connection becomes idle when its last answer is out
  const idle = setInterval(() => server.closeIdleConnections(), 50)
  const late = setTimeout(() => server.closeAllConnections(), FINISH_WITHIN_MS)
  await closed
  clearInterval(idle)
  clearTimeout(late)
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new Problem(
        `Port ${port} is taken by another program. Stop that one, or choose another port: PORT=${port + 1}`,
      )
    case 'EACCES':
      return new Problem(`This user may not listen on port ${port}. Choose one above 1023, for example PORT=3000.`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Problem(`This machine has no address ${host}. Set HOST to one of its own, for example 127.0.0.1.`)
    default:
      return error
  }
}
