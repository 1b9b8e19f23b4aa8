import { randomBytes } from 'node:crypto'
import { Agent, request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { sign } from '../../src/services/stripe-simulator/webhooks.ts'

/** Who takes events in, and the secret with which they are signed. */
export interface Endpoint {
  readonly url: string
  readonly secret: string
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 })

/** Every so many-th event is one that was posted before. */
const REPEATED = 5

/** Events as large as those of Stripe; some come twice. */
export function eventSource(): () => string {
  let last = ''
  let made = 0
  const padding = Object.fromEntries(
    Array.from({ length: 30 }, (_, n) => [`field_${n}`, randomBytes(24).toString('hex')]),
  )
  return () => {
    if (++made % REPEATED === 0) return last
    const object = {
      id: `pi_bench${randomBytes(9).toString('hex')}`,
      object: 'payment_intent',
      amount: 8500,
      ...padding,
    }
    const id = `evt_bench${randomBytes(12).toString('hex')}`
    last = JSON.stringify({ id, object: 'event', type: 'payment_intent.succeeded', livemode: false, data: { object } })
    return last
  }
}

/** Posts one event, signed. @returns milliseconds until the whole answer was there @throws Error unless it is 200 */
export function postEvent({ url, secret }: Endpoint, body: string): Promise<number> {
  const began = performance.now()
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'stripe-signature': sign(body, secret, Math.floor(Date.now() / 1000)),
  }
  return new Promise((resolve, reject) => {
    request(url, { agent, method: 'POST', headers }, (response) => {
      response.resume()
      response.on('error', reject)
      response.on('end', () => {
        if (response.statusCode === 200) resolve(performance.now() - began)
        else reject(new Error(`${url} answers ${response.statusCode}`))
      })
    })
      .on('error', reject)
      .end(body)
  })
}

/** Posts at a fixed rate, whether the answers keep up or not; waiting for its turn counts. @returns milliseconds of each */
export async function postSteadily(endpoint: Endpoint, { perSecond, seconds }: { perSecond: number; seconds: number }) {
  const next = eventSource()
  const began = performance.now()
  const answers: Promise<number>[] = []
  for (let sent = 0; sent < perSecond * seconds; sent++) {
    const due = began + (sent * 1000) / perSecond
    if (due > performance.now()) await pause(due - performance.now())
    const late = performance.now() - due
    answers.push(postEvent(endpoint, next()).then((ms) => ms + late))
  }
  const times = await Promise.all(answers)
  return { times, perSecond: times.length / ((performance.now() - began) / 1000) }
}

/** Events a second of `clients` that each post the next one when the last is answered. */
export async function postAll(endpoint: Endpoint, clients: number, seconds: number): Promise<number> {
  const next = eventSource()
  const began = performance.now()
  let answered = 0
  const client = async (): Promise<void> => {
    while (performance.now() - began < seconds * 1000) {
      await postEvent(endpoint, next())
      answered++
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  return answered / ((performance.now() - began) / 1000)
}
