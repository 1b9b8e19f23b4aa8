import { Agent, request as httpRequest } from 'node:http'

export interface Ask {
  readonly method?: string
  /** As it goes onto the wire: nothing is normalised on the way. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

/** Sends requests as they are, over few kept connections. */
export interface Wire {
  readonly send: (cookie: string, ask: Ask) => Promise<Answer>
  readonly sent: () => number
  readonly close: () => void
}

const SOCKETS = 16

export function openWire(url: string): Wire {
  const { hostname, port } = new URL(url)
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS })
  let sent = 0
  return {
    sent: () => sent,
    close: () => agent.destroy(),
    send: (cookie, { method = 'GET', path, headers = {}, body }) => {
      sent++
      return new Promise((resolve, reject) => {
        const all: Record<string, string> = { accept: 'application/json', 'sec-fetch-site': 'same-origin', ...headers }
        if (cookie !== '') all.cookie = cookie
        if (body !== undefined && !('transfer-encoding' in all)) all['content-length'] = String(Buffer.byteLength(body))
        const request = httpRequest({ hostname, port, agent, method, path, headers: all }, (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('end', () =>
            resolve({
              status: response.statusCode!,
              headers: response.headers,
              text: Buffer.concat(chunks).toString('utf8'),
            }),
          )
          response.on('error', reject)
        })
        request.on('error', (error) => reject(new Error(`${method} ${path.slice(0, 120)}: ${error.message}`)))
        request.end(body)
      })
    },
  }
}

/** Works through `jobs` with at most `width` under way at a time; in their order, so that neighbours meet. */
export async function inParallel<T>(jobs: readonly T[], width: number, work: (job: T) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < jobs.length) await work(jobs[next++]!)
  }
  await Promise.all(Array.from({ length: width }, worker))
}

/** A body of fields in one of the three ways a form can travel. */
export function formBody(
  fields: Record<string, string>,
  as: 'json' | 'urlencoded' | 'multipart',
): Pick<Ask, 'headers' | 'body'> {
  if (as === 'json') return jsonBody(fields)
  if (as === 'urlencoded')
    return {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
    }
  const parts = Object.entries(fields).map(
    ([name, value]) => `--frontier\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  return {
    headers: { 'content-type': 'multipart/form-data; boundary=frontier' },
    body: `${parts.join('')}--frontier--\r\n`,
  }
}

export const jsonBody = (fields: unknown): Pick<Ask, 'headers' | 'body'> => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(fields),
})
