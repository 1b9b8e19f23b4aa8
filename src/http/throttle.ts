import { createHash } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import type { Database } from '../core/db.ts'

const WINDOW_SECONDS = 15 * 60
/** Attempts in a quarter of an hour before the account is closed for as long; a right password starts it again. */
export const ATTEMPTS_PER_ACCOUNT = 10
/** The same for an address on the network, where right passwords are not counted: a school shares one. */
export const ATTEMPTS_PER_ADDRESS = 60

/** Counts attempts to sign in, in `auth.throttle`, so that all web processes and restarts share the count. */
export class SignInThrottle {
  readonly #accounts: RateLimiterPostgres
  readonly #addresses: RateLimiterPostgres

  constructor(db: Database) {
    this.#accounts = limiter(db, 'account', { points: ATTEMPTS_PER_ACCOUNT, seconds: WINDOW_SECONDS })
    this.#addresses = limiter(db, 'address', { points: ATTEMPTS_PER_ADDRESS, seconds: WINDOW_SECONDS })
  }

  /**
   * Counts an attempt before its password is looked at, so that many at once get no further than one after the other.
   * @returns seconds to wait, 0 when the attempt may go on
   */
  async attempt(email: string, ip: string): Promise<number> {
    const counted = await Promise.allSettled([
      this.#accounts.consume(accountKey(email)),
      this.#addresses.consume(addressKey(ip)),
    ])
    return Math.max(...counted.map(secondsToWait))
  }

  /** The password was right. */
  async forgive(email: string, ip: string): Promise<void> {
    await Promise.all([this.#accounts.delete(accountKey(email)), this.#addresses.reward(addressKey(ip))])
  }
}

/** Codes and links are short: so many may be tried for one person or from one address in a quarter of an hour. */
export class CodeThrottle {
  readonly #attempts: RateLimiterPostgres

  constructor(db: Database, kind: 'code' | 'link' | 'mail', attempts: number) {
    this.#attempts = limiter(db, kind, { points: attempts, seconds: WINDOW_SECONDS })
  }

  /** @param who a person's id, an e-mail or an address on the network @returns seconds to wait, 0 when the attempt may go on */
  async attempt(who: string): Promise<number> {
    const [counted] = await Promise.allSettled([this.#attempts.consume(accountKey(who))])
    return secondsToWait(counted)
  }

  async forgive(who: string): Promise<void> {
    await this.#attempts.delete(accountKey(who))
  }
}

/** Counts in `auth.throttle` under a prefix: so many in so many seconds, and then none for as long. */
export function limiter(
  db: Database,
  keyPrefix: string,
  { points, seconds }: { points: number; seconds: number },
): RateLimiterPostgres {
  return new RateLimiterPostgres({
    // of a pool the limiter uses only this
    storeClient: { query: ({ text, values }: { text: string; values: unknown[] }) => db.authQuery(text, values) },
    storeType: 'pool',
    schemaName: 'auth',
    tableName: 'throttle',
    tableCreated: true,
    keyPrefix,
    points,
    duration: seconds,
    blockDuration: seconds,
  })
}

/** Of the address only a hash is kept: the table is no list of who has an account. */
const accountKey = (email: string): string => createHash('sha256').update(email.toLowerCase()).digest('base64url')

/** With IPv6 every household has a whole /64 to itself. */
export const addressKey = (ip: string): string => (isIPv6(ip) && !ip.startsWith('::ffff:') ? networkOf(ip) : ip)

function networkOf(ip: string): string {
  const [head = '', tail = ''] = ip.split('%')[0]!.split('::')
  const before = head ? head.split(':') : []
  const after = tail ? tail.split(':') : []
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0')
  return [...before, ...zeros, ...after].slice(0, 4).join(':')
}

/** 0 when it was counted and may go on. */
export function secondsToWait(counted: PromiseSettledResult<RateLimiterRes>): number {
  if (counted.status === 'fulfilled') return 0
  if (counted.reason instanceof RateLimiterRes) return Math.ceil(counted.reason.msBeforeNext / 1000)
  throw counted.reason
}
