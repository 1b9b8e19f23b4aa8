import { randomBytes, randomUUID } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import type { OrgRole } from '@prisma/client'
import type { Database } from '../core/db.ts'
import type { Encryption } from './encryption.ts'
import type { Identity, Person } from './identity.ts'

const STEP_SECONDS = 30
const RECOVERY_CODES = 10

/** Whoever sees money, people's papers or who may do what: outside the demo only with a second factor. */
const MUST_HAVE: readonly OrgRole[] = ['owner', 'finance', 'compliance']
/** @param identity who they are in their school; people of the platform may be in none */
export const mustHaveSecondFactor = (
  person: Pick<Person, 'platformRole'>,
  identity?: Pick<Identity, 'role'>,
): boolean => person.platformRole !== null || (identity !== undefined && MUST_HAVE.includes(identity.role))

interface Stored {
  secret: string
  confirmedAt: Date | null
}

/** The second step of a person was encrypted with another key: neither a code nor a recovery code can be checked. */
export class Unreadable extends Error {}

/** Six digits of an authenticator app (RFC 6238), and codes on paper for the day on which the phone is lost. */
export class SecondFactor {
  readonly #db: Database
  readonly #encryption: Encryption

  constructor(db: Database, encryption: Encryption) {
    this.#db = db
    this.#encryption = encryption
  }

  async isOn(userId: string): Promise<boolean> {
    return (await this.#stored(userId))?.confirmedAt instanceof Date
  }

  /** What the app is told: the address behind the QR code. The same until its first code was right, or a new one is wanted. */
  async offer(userId: string, email: string): Promise<TOTP> {
    const stored = await this.#stored(userId)
    if (stored && !stored.confirmedAt) {
      if (this.#isReadable(userId, stored.secret)) return this.#totp(userId, stored.secret, email)
      // of an earlier key, and nobody has used it
      await this.#db.authQuery('DELETE FROM auth.second_factor WHERE "userId" = $1 AND "confirmedAt" IS NULL', [userId])
    }
    const secret = new Secret({ size: 20 })
    const made = this.#encryption.encrypt(secret.base32, userId)
    // two pages that were opened at once show the same secret
    const { rows } = await this.#db.authQuery(
      `INSERT INTO auth.second_factor ("userId", secret) VALUES ($1, $2)
       ON CONFLICT ("userId") DO UPDATE SET "userId" = EXCLUDED."userId" RETURNING secret`,
      [userId, made],
    )
    return this.#totp(userId, (rows[0] as Stored).secret, email)
  }

  /** The first code: from now on signing in asks for one. @returns the recovery codes, to be shown once; null when it was wrong */
  async confirm(userId: string, code: string, now = Date.now()): Promise<string[] | null> {
    const stored = await this.#stored(userId)
    if (!stored || stored.confirmedAt || !(await this.#takes(userId, stored, { code, now }))) return null
    await this.#db.authQuery(
      'UPDATE auth.second_factor SET "confirmedAt" = now() WHERE "userId" = $1 AND "confirmedAt" IS NULL',
      [userId],
    )
    return await this.newRecoveryCodes(userId)
  }

  /**
   * Takes the second step off a person and ends their sessions; the log of each school that they work in says so.
   * @returns whether there was one
   */
  async reset(userId: string): Promise<boolean> {
    return await this.#db.asAuth(async (query) => {
      const gone = await query('DELETE FROM auth.second_factor WHERE "userId" = $1', [userId])
      if (gone.rowCount === 0) return false
      await query('DELETE FROM auth.session WHERE "userId" = $1', [userId])
      await query(`SELECT set_config('app.actor_kind', 'operator', true)`)
      await query(
        `SELECT audit_event(m."orgId", NULL, 'user.secondFactorReset', NULL, $2, 'User', $1::text)
           FROM (SELECT DISTINCT "orgId" FROM "UserOrg" WHERE "userId" = $1::uuid) m`,
        [userId, randomUUID()],
      )
      return true
    })
  }

  /** Who has set up a second step that the key of now cannot read: it was made under another one. At most `most` of them. */
  async unreadable(most: number): Promise<string[]> {
    const { rows } = await this.#db.authQuery(
      'SELECT "userId", secret FROM auth.second_factor WHERE "confirmedAt" IS NOT NULL ORDER BY "confirmedAt" DESC',
    )
    const lost = (rows as (Stored & { userId: string })[]).filter((row) => !this.#isReadable(row.userId, row.secret))
    return lost.slice(0, most).map(({ userId }) => userId)
  }

  /**
   * @returns what was right: a code of the app, or one of the recovery codes, which is used up by it
   * @throws Unreadable when the key that it was encrypted with is not the one of now
   */
  async check(userId: string, typed: string, now = Date.now()): Promise<'app' | 'recovery' | null> {
    const stored = await this.#stored(userId)
    if (!stored?.confirmedAt) return null
    if (!this.#isReadable(userId, stored.secret)) throw new Unreadable()
    const code = typed.replaceAll(/[\s-]/g, '').toUpperCase()
    if (/^\d{6}$/.test(code)) return (await this.#takes(userId, stored, { code, now })) ? 'app' : null
    const used = await this.#db.authQuery(
      'UPDATE auth.recovery_code SET "usedAt" = now() WHERE "userId" = $1 AND hash = $2 AND "usedAt" IS NULL',
      [userId, this.#encryption.fingerprint(`${userId} ${code}`)],
    )
    return used.rowCount === 1 ? 'recovery' : null
  }

  /** Makes the earlier ones worthless. */
  async newRecoveryCodes(userId: string): Promise<string[]> {
    const codes = Array.from({ length: RECOVERY_CODES }, recoveryCode)
    const hashes = codes.map((code) => this.#encryption.fingerprint(`${userId} ${code.replaceAll('-', '')}`))
    await this.#db.asAuth(async (query) => {
      await query('DELETE FROM auth.recovery_code WHERE "userId" = $1', [userId])
      await query('INSERT INTO auth.recovery_code ("userId", hash) SELECT $1, unnest($2::text[])', [userId, hashes])
    })
    return codes
  }

  async recoveryCodesLeft(userId: string): Promise<number> {
    const { rows } = await this.#db.authQuery(
      'SELECT count(*)::int AS left FROM auth.recovery_code WHERE "userId" = $1 AND "usedAt" IS NULL',
      [userId],
    )
    return (rows[0] as { left: number }).left
  }

  /** A code counts once: its half minute must be later than the last one that was taken. */
  async #takes(userId: string, { secret }: Stored, { code, now }: { code: string; now: number }): Promise<boolean> {
    const delta = this.#totp(userId, secret, '').validate({ token: code, window: 1, timestamp: now })
    if (delta === null) return false
    const step = Math.floor(now / 1000 / STEP_SECONDS) + delta
    const taken = await this.#db.authQuery(
      'UPDATE auth.second_factor SET "lastStep" = $2 WHERE "userId" = $1 AND "lastStep" < $2',
      [userId, step],
    )
    return taken.rowCount === 1
  }

  #isReadable(userId: string, stored: string): boolean {
    try {
      this.#encryption.decrypt(stored, userId)
      return true
    } catch {
      return false
    }
  }

  #totp(userId: string, stored: string, email: string): TOTP {
    const secret = Secret.fromBase32(this.#encryption.decrypt(stored, userId))
    return new TOTP({ issuer: 'DriveFlow', label: email, secret, digits: 6, period: STEP_SECONDS })
  }

  async #stored(userId: string): Promise<Stored | undefined> {
    const { rows } = await this.#db.authQuery(
      'SELECT secret, "confirmedAt" FROM auth.second_factor WHERE "userId" = $1',
      [userId],
    )
    return rows[0] as Stored | undefined
  }
}

// without letters and digits that look alike
const ALPHABET = 'ABCDEFGHJKMNPQRSTVWXYZ23456789AB'

/** "K7QX-29MB-TRHD": sixty bits, easy to copy from paper. */
function recoveryCode(): string {
  const letters = [...randomBytes(12)].map((byte) => ALPHABET[byte % 32]!)
  return [letters.slice(0, 4), letters.slice(4, 8), letters.slice(8)].map((part) => part.join('')).join('-')
}
