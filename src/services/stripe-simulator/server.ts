import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type Stripe from 'stripe'
import { Api, type Answered } from './api.ts'
import type { Call } from './call.ts'
import { controls } from './control.ts'
import { Faults } from './faults.ts'
import { Form } from './form.ts'
import { pageFor } from './pages.ts'
import { StripeProblem } from './problem.ts'
import { State } from './state.ts'
import { type Endpoints, Webhooks } from './webhooks.ts'

export interface Simulator {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  readonly state: State
  readonly faults: Faults
  readonly webhooks: Webhooks
  /** A call as the dashboard or a bank makes one. */
  readonly call: () => Call
  close(): Promise<void>
}

export interface SimulatorSettings {
  /** 0: any that is free. */
  readonly port?: number
  /** Where it remembers everything; null for nowhere. */
  readonly file: string | null
  readonly endpoints: Endpoints
}

const MAX_BODY_BYTES = 1_048_576

/**
 * Stripe, as far as this program uses it, on this machine only. It takes test keys and nothing else.
 * @throws Error when the port is taken or the file cannot be written
 */
export async function startSimulator({ port = 0, file, endpoints }: SimulatorSettings): Promise<Simulator> {
  const [state, faults] = [new State(file), new Faults()]
  const webhooks = new Webhooks(endpoints, (event) => markTaken(state, event.id))
  let url = ''
  const api = new Api({ state, faults, webhooks, origin: () => url })
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      send(response, 500, JSON.stringify({ error: { type: 'api_error', message: String(error) } }))
    })
  })

  const call = () => api.call(new Form({}), [], { method: 'POST', path: '/_sim/', account: null })

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, search, searchParams } = new URL(request.url ?? '/', 'http://simulator')
    const method = request.method ?? 'GET'
    const text = await readBody(request)
    if (path.startsWith('/_sim/')) return await control(response, { method, path, query: searchParams, text })
    const refusal = refusalOf(request)
    if (refusal)
      return send(response, 401, JSON.stringify({ error: { type: 'invalid_request_error', message: refusal } }))
    const answered = await api.answer({
      method,
      path,
      text: method === 'GET' ? search.slice(1) : text,
      key: one(request.headers['idempotency-key']),
      account: one(request.headers['stripe-account']) ?? one(request.headers['stripe-context']) ?? null,
    })
    reply(response, answered, state.newId('request'))
  }

  async function control(
    response: ServerResponse,
    { method, path, query, text }: { method: string; path: string; query: URLSearchParams; text: string },
  ): Promise<void> {
    const call = () => api.call(new Form({}), [], { method: 'POST', path, account: null })
    try {
      const shown = pageFor(call(), { method, path, query })
      if (shown && 'html' in shown)
        return send(response, 200, shown.html, { 'content-type': 'text/html; charset=utf-8' })
      if (shown) return send(response, 303, '', { location: shown.redirect })
      const act = controls[`${method} ${path}`]
      if (!act)
        return send(
          response,
          404,
          JSON.stringify({ message: 'There is no such control.', controls: Object.keys(controls) }),
        )
      const wish = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
      send(response, 200, JSON.stringify(await act({ state, faults, webhooks, call }, wish)))
    } catch (error) {
      const status = error instanceof StripeProblem ? error.status : 400
      send(response, status, JSON.stringify({ message: error instanceof Error ? error.message : String(error) }))
    }
  }

  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  // what was not taken before the last stop is posted again
  for (const event of untaken(state)) webhooks.post(event)
  return { url, state, faults, webhooks, call, close: () => close(server, webhooks) }
}

function markTaken(state: State, id: string): void {
  const event = state.find('event', id)
  if (event && event.pending_webhooks > 0) state.put('event', { ...event, pending_webhooks: 0 })
}

const THREE_DAYS_SECONDS = 3 * 86_400

/** In the order in which they happened. */
function untaken(state: State): Stripe.Event[] {
  const accounts = [null, ...state.all('account').map(({ id }) => id)]
  const events = accounts.flatMap((account) => state.all('event', account))
  return events
    .filter(({ pending_webhooks, created }) => pending_webhooks > 0 && state.now() - created < THREE_DAYS_SECONDS)
    .toReversed()
}

/** A live key has no business here: whoever sends one has mixed something up. */
function refusalOf({ headers: { authorization = '' } }: IncomingMessage): string | null {
  const key = authorization.replace(/^Bearer /, '')
  if (/^(sk|rk)_live_/.test(key))
    return 'This is the simulator: it takes no live key. Use one that begins with sk_test_.'
  return /^(sk|rk)_test_/.test(key) ? null : 'You did not provide a test key.'
}

function reply(response: ServerResponse, { status, body, replayed, lost }: Answered, requestId: string): void {
  if (lost === 'silent') return
  if (lost === 'reset') {
    response.socket?.resetAndDestroy()
    return
  }
  send(response, status, body, { 'request-id': requestId, ...(replayed ? { 'idempotent-replayed': 'true' } : {}) })
}

function send(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  if (response.headersSent) return
  response.writeHead(status, { 'content-type': 'application/json', 'x-simulated': 'stripe', ...headers })
  response.end(body)
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > MAX_BODY_BYTES) throw new Error('the body is too large')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

const one = (header: string | string[] | undefined): string | undefined => (Array.isArray(header) ? header[0] : header)

async function close(server: Server, webhooks: Webhooks): Promise<void> {
  webhooks.close()
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
