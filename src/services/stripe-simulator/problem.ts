/** An error as Stripe answers it. @see https://docs.stripe.com/api/errors */
export interface StripeErrorBody {
  readonly type: 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'api_error' | 'rate_limit_error'
  readonly message: string
  readonly code?: string
  readonly param?: string
  readonly decline_code?: string
  readonly charge?: string
  readonly payment_intent?: object
}

/** A request that the simulator turns down, as Stripe would. */
export class StripeProblem extends Error {
  readonly status: number
  readonly body: StripeErrorBody
  /** Nothing was begun, so the same key may be sent again with something else. */
  readonly beforehand: boolean

  constructor(status: number, body: StripeErrorBody, beforehand = false) {
    super(body.message)
    this.status = status
    this.body = body
    this.beforehand = beforehand
  }
}

/** The parameters themselves are wrong: nothing was begun. */
export const wrongParameter = (param: string, message: string, code = 'parameter_invalid'): StripeProblem =>
  new StripeProblem(400, { type: 'invalid_request_error', code, param, message }, true)

/** What was asked for cannot be done as things stand; Stripe keeps this answer under the key. */
export const impossible = (code: string, message: string, param?: string): StripeProblem =>
  new StripeProblem(400, { type: 'invalid_request_error', code, message, ...(param ? { param } : {}) })

export const missing = (what: string, id: string, param = 'id'): StripeProblem =>
  new StripeProblem(404, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    param,
    message: `No such ${what}: '${id}'`,
  })
