import { Stripe } from 'stripe'

/**
 * What an error of Stripe says about what was asked.
 * `refused`: it did not happen and will not, whoever asks again · `busy`: it did not happen yet, ask again later ·
 * `unclear`: it may have happened · `mismatch`: the key was used for something else, somebody has to look.
 */
export type Verdict = 'refused' | 'busy' | 'unclear' | 'mismatch'

export interface Failure {
  readonly verdict: Verdict
  /** Stripe's code, or the status or kind of error where there is none. */
  readonly code: string
  /** Stripe's sentence. */
  readonly message: string
}

/** Only a definite no is a no: after a timeout or a fault at Stripe it may have happened all the same. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Stripe.errors.StripeError)) throw error
  const { statusCode, code, message, type } = error
  const failure = { code: code ?? (statusCode ? String(statusCode) : type), message: message.slice(0, 500) }
  return { ...failure, verdict: verdictOf(error) }
}

function verdictOf(error: InstanceType<typeof Stripe.errors.StripeError>): Verdict {
  const { statusCode } = error
  if (error instanceof Stripe.errors.StripeIdempotencyError) return 'mismatch'
  // a wrong or withdrawn key of ours: nothing was done, and it is done once the operator has put it right
  if (statusCode === 401 || statusCode === 409 || statusCode === 429) return 'busy'
  if (error instanceof Stripe.errors.StripeRateLimitError) return 'busy'
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return 'refused'
  return 'unclear'
}
