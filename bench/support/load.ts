import { Agent, type IncomingHttpHeaders, request } from 'node:http'

/** One address as a signed-in browser asks for it. */
export interface Target {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** What a form sends, as `name=value&…`; asked for each time, so that each can say something new. */
  readonly form?: () => string
}

export interface Answer {
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

const agent = new Agent({ keepAlive: true })

/** Asks once, on a kept connection. @throws Error unless the answer is 200 */
export function ask({ url, headers, form }: Target): Promise<Answer> {
  const body = form?.()
  const sent = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }
  return new Promise((resolve, reject) => {
    const options = {
      agent,
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'accept-encoding': 'gzip', ...sent, ...headers },
    }
    request(url, options, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', reject)
      response.on('end', () => {
        if (response.statusCode === 200) resolve({ headers: response.headers, body: Buffer.concat(parts) })
        else reject(new Error(`${url} answers ${response.statusCode}: ${Buffer.concat(parts).toString()}`))
      })
    })
      .on('error', reject)
      .end(body)
  })
}

/** Milliseconds from sending each of `count` requests, one after the other, to the last byte of its answer. */
export async function time(target: Target, count: number): Promise<number[]> {
  const times: number[] = []
  for (let sent = 0; sent < count; sent++) {
    const began = performance.now()
    await ask(target)
    times.push(performance.now() - began)
  }
  return times
}

/** Requests per second of `clients` that each send the next request when the last is answered. */
export async function rate(target: Target, clients: number, seconds: number): Promise<number> {
  const began = performance.now()
  const end = began + seconds * 1000
  let answered = 0
  const client = async (): Promise<void> => {
    while (performance.now() < end) {
      await ask(target)
      answered++
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  return answered / ((performance.now() - began) / 1000)
}

/** Sends `count` requests in all, `clients` at a time. */
export async function send(target: Target, clients: number, count: number): Promise<void> {
  let left = count
  const client = async (): Promise<void> => {
    while (left-- > 0) await ask(target)
  }
  await Promise.all(Array.from({ length: clients }, client))
}
