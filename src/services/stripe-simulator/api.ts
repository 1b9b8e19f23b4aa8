import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Call } from './call.ts'
import { recordEvent } from './events.ts'
import { expand } from './expand.ts'
import type { Fault, Faults } from './faults.ts'
import { Form, parseForm } from './form.ts'
import { StripeProblem } from './problem.ts'
import { routeOf } from './router.ts'
import type { State } from './state.ts'
import type { Webhooks } from './webhooks.ts'

export interface Asked {
  readonly method: string
  readonly path: string
  /** Parameters, wherever they were: the query of a GET, the body of a POST. */
  readonly text: string
  readonly key: string | undefined
  readonly account: string | null
}

export interface Answered {
  readonly status: number
  readonly body: string
  readonly replayed: boolean
  /** Nobody hears it: the connection is cut, or stays open without a word. */
  readonly lost?: 'reset' | 'silent'
}

interface Parts {
  readonly state: State
  readonly faults: Faults
  readonly webhooks: Webhooks
  readonly origin: () => string
}

/** Stripe's interface: keys, faults, and what each address does. */
export class Api {
  readonly #parts: Parts
  readonly #underWay = new Set<string>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async answer(asked: Asked): Promise<Answered> {
    const { faults } = this.#parts
    const fault = faults.take(asked.method, asked.path, [
      ...(['lost_answer', 'reset', 'timeout', 'rate_limit', 'server_error', 'conflict', 'delay', 'refuse'] as const),
    ])
    if (fault?.kind === 'reset') return { status: 0, body: '', replayed: false, lost: 'reset' }
    if (fault?.kind === 'rate_limit') return problem(RATE_LIMITED)
    if (fault?.kind === 'conflict') return problem(IN_USE)
    const answered =
      asked.method === 'POST' && asked.key ? await this.#once(asked, asked.key, fault) : this.#do(asked, fault)
    if (fault?.kind === 'lost_answer') return { ...answered, lost: 'reset' }
    return fault?.kind === 'timeout' ? { ...answered, lost: 'silent' } : answered
  }

  /** The same key is the same request: it is done once, and answered the same for a day. */
  async #once(asked: Asked, key: string, fault: Fault | undefined): Promise<Answered> {
    const { state } = this.#parts
    const name = `${asked.account ?? ''}/${key}`
    const hash = createHash('sha256').update(`${asked.method} ${asked.path} ${asked.text}`).digest('hex')
    if (this.#underWay.has(name)) return problem(IN_USE)
    const before = state.answerTo(name)
    if (before && before.asked !== hash) return problem(OTHER_PARAMETERS)
    if (before) return { status: before.status, body: before.body, replayed: true }
    this.#underWay.add(name)
    try {
      if (fault?.kind === 'delay') await pause(fault.delayMs)
      const answered = this.#do(asked, fault)
      if (!answered.beforehand)
        state.keepAnswer(name, { status: answered.status, body: answered.body, asked: hash, at: state.now() })
      return answered
    } finally {
      this.#underWay.delete(name)
    }
  }

  #do(asked: Asked, fault?: Fault): Answered & { beforehand?: boolean } {
    if (fault?.kind === 'server_error' && !fault.after) return problem(SERVER_ERROR)
    if (fault?.kind === 'refuse')
      return problem(
        new StripeProblem(400, { type: 'invalid_request_error', code: fault.code, message: `Refused: ${fault.code}` }),
      )
    const route = routeOf(asked.method, asked.path)
    if (!route) return problem(unknownAddress(asked))
    const form = new Form(parseForm(asked.text))
    try {
      const made = route.handler(this.call(form, route.ids, asked))
      const body = JSON.stringify(expand(this.#parts.state, made, form.list('expand')))
      return fault?.kind === 'server_error' ? problem(SERVER_ERROR) : { status: 200, body, replayed: false }
    } catch (error) {
      if (error instanceof StripeProblem) return problem(error)
      throw error
    }
  }

  /** What a handler is given; also for what happens without a request, at the dashboard or the bank. */
  call(
    form: Form,
    ids: readonly string[],
    { method, path, account }: Pick<Asked, 'method' | 'path' | 'account'>,
  ): Call {
    const { state, faults, webhooks, origin } = this.#parts
    const confirms = method === 'POST' && path.startsWith('/v1/payment_intents')
    return {
      state,
      form,
      ids,
      account,
      origin: origin(),
      declines:
        confirms && form.text('payment_method') !== undefined && faults.take(method, path, ['decline']) !== undefined,
      emit: (type, object, about = {}) => webhooks.post(recordEvent(state, { type, object, ...about })),
    }
  }
}

const IN_USE = new StripeProblem(
  409,
  {
    type: 'invalid_request_error',
    code: 'idempotency_key_in_use',
    message: 'There is currently another in-progress request using this Idempotency Key.',
  },
  true,
)
const OTHER_PARAMETERS = new StripeProblem(
  400,
  {
    type: 'idempotency_error',
    message: 'Keys for idempotent requests can only be used with the same parameters they were first used with.',
  },
  true,
)
const RATE_LIMITED = new StripeProblem(
  429,
  { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many requests hit the API too quickly.' },
  true,
)
const SERVER_ERROR = new StripeProblem(500, { type: 'api_error', message: 'An unknown error occurred.' })

const unknownAddress = ({ method, path }: Asked): StripeProblem =>
  new StripeProblem(
    404,
    { type: 'invalid_request_error', message: `Unrecognized request URL (${method}: ${path}).` },
    true,
  )

function problem({ status, body, beforehand }: StripeProblem): Answered & { beforehand: boolean } {
  return { status, body: JSON.stringify({ error: body }), replayed: false, beforehand }
}
