import type { Database } from '../core/db.ts'
import { recordEvent } from './audit.ts'
import { Refusal } from './errors.ts'
import { type Identity, type Membership, type Person as SignedInPerson, panelMemberships } from './identity.ts'
import { Busy, verifyPassword } from './password.ts'
import { SignInThrottle } from './throttle.ts'

const MAX_PASSWORD_LENGTH = 128

// one sentence, whichever of the two is wrong: it must not tell who has an account
const WRONG = 'That e-mail and password do not belong together. Check both and try again.'
const NO_SCHOOL =
  'You have no access to the back office: your role has none, or your school is closed. Ask the owner of your school.'

interface Person {
  id: string
  password: string | null
  /** False for somebody who was disabled or locked. */
  active: boolean
  memberships: Membership[] | null
  /** Works for the platform: signs in without a school. */
  platform: boolean
  /** Signing in asks for a second factor. */
  secondFactor: boolean
}

/** Where an attempt comes from, for the throttle and the audit log. */
export interface Origin {
  ip: string
  requestId: string
}

/** What a new session says. */
export interface SignedIn {
  userId: string
  /** Absent for somebody of the platform. */
  orgId?: string
  createdAt: number
  /** The second factor is asked for first. */
  pending?: boolean
}

/** Decides whether an e-mail and a password open a session. */
export class SignIn {
  readonly #db: Database
  readonly #throttle: SignInThrottle

  constructor(db: Database) {
    this.#db = db
    this.#throttle = new SignInThrottle(db)
  }

  /**
   * @returns the session to start, in the first school by name; in none for people of the platform who belong to none
   * @throws Refusal with a sentence for the person: 400 nothing typed, 401 wrong, 403 no school, 429 throttled, 503 busy
   */
  async attempt(email: string, password: string, origin: Origin): Promise<SignedIn> {
    if (!email || !password) throw new Refusal(400, 'Type your e-mail and your password.')
    refuseThrottled(await this.#throttle.attempt(email, origin.ip))
    const person = await this.#find(email)
    const matches = await passwordMatches(person, password)
    if (!person || !matches || !person.active) {
      if (person) await this.#recordFailure(person, origin)
      throw new Refusal(401, WRONG)
    }
    await this.#throttle.forgive(email, origin.ip)
    const [school] = panelMemberships(person.memberships)
    if (!school && !person.platform) throw new Refusal(403, NO_SCHOOL)
    const session = { userId: person.id, createdAt: Date.now(), ...(school && { orgId: school.orgId }) }
    if (person.secondFactor) return { ...session, pending: true }
    await this.#recordSuccess(person.id, school, origin)
    return session
  }

  /** The second factor was right: now somebody has signed in. */
  async complete(userId: string, orgId: string | undefined, origin: Origin): Promise<void> {
    const { rows } = await this.#db.authQuery(FIND_BY_ID, [userId, new Date()])
    const person = rows[0] as Person | undefined
    const school = panelMemberships(person?.memberships ?? null).find((one) => one.orgId === orgId)
    if (!person?.active || (!school && !(person.platform && !orgId))) throw new Refusal(403, NO_SCHOOL)
    await this.#recordSuccess(userId, school, origin)
  }

  /** A wrong code: each school that the person works in sees it. */
  async refuse(userId: string, origin: Origin): Promise<void> {
    const { rows } = await this.#db.authQuery(FIND_BY_ID, [userId, new Date()])
    const person = rows[0] as Person | undefined
    if (person) await this.#recordFailure(person, origin, 'user.secondFactorRefused')
  }

  /**
   * Whoever is signed in gives their password again; counted and recorded like signing in.
   * @throws Refusal 400 nothing typed or wrong, 429 throttled, 503 busy
   */
  async confirm(who: Identity | SignedInPerson, password: string, origin: Origin): Promise<void> {
    if (!password) throw new Refusal(400, 'Type your password.')
    refuseThrottled(await this.#throttle.attempt(who.email, origin.ip))
    const person = await this.#find(who.email)
    const matches = await passwordMatches(person, password)
    if (!person || person.id !== who.userId || !matches || !person.active) {
      if (person) await this.#recordFailure(person, origin)
      // not 401: the session goes on
      throw new Refusal(400, 'That is not your password. Check it and try again.')
    }
    await this.#throttle.forgive(who.email, origin.ip)
    if (!('orgId' in who)) return
    const { userId, orgId, role } = who
    await this.#db.asAuth((query) =>
      recordEvent(query, { action: 'user.confirmPassword', userId, orgId, role, ...origin }),
    )
  }

  async #find(email: string): Promise<Person | undefined> {
    const { rows } = await this.#db.authQuery(FIND_PERSON, [email, new Date()])
    return rows[0] as Person | undefined
  }

  async #recordSuccess(userId: string, school: Membership | undefined, origin: Origin): Promise<void> {
    await this.#db.asAuth(async (query) => {
      await query(`UPDATE "User" SET "failedLogins" = 0, "lastLoginAt" = $2 WHERE id = $1`, [userId, new Date()])
      if (school) await recordEvent(query, { action: 'user.signIn', userId, ...school, ...origin })
    })
  }

  /** Each school that the person works in sees the failure in its own audit log. */
  async #recordFailure(
    person: Person,
    origin: Origin,
    action: 'user.signInRefused' | 'user.secondFactorRefused' = 'user.signInRefused',
  ): Promise<void> {
    await this.#db.asAuth(async (query) => {
      await query(`UPDATE "User" SET "failedLogins" = "failedLogins" + 1 WHERE id = $1`, [person.id])
      for (const school of panelMemberships(person.memberships)) {
        await recordEvent(query, { action, userId: person.id, ...school, ...origin })
      }
    })
  }
}

const PERSON = `
SELECT u.id, u.password, u."disabledAt" IS NULL AND (u."lockedUntil" IS NULL OR u."lockedUntil" <= $2) AS active,
       m.memberships, u."platformRole" <> 'none' AS platform, EXISTS (SELECT FROM auth.second_factor f WHERE f."userId" = u.id AND f."confirmedAt" IS NOT NULL) AS "secondFactor"
  FROM "User" u LEFT JOIN auth.membership m ON m."userId" = u.id`
const FIND_PERSON = `${PERSON} WHERE lower(u.email) = lower($1)`
const FIND_BY_ID = `${PERSON} WHERE u.id = $1`

async function passwordMatches(person: Person | undefined, password: string): Promise<boolean> {
  try {
    return await verifyPassword(person?.password ?? null, password.slice(0, MAX_PASSWORD_LENGTH + 1))
  } catch (error) {
    if (!(error instanceof Busy)) throw error
    throw new Refusal(503, 'Many people are signing in at this moment. Try again in a few seconds.', {
      'Retry-After': '5',
    })
  }
}

export function refuseThrottled(seconds: number): void {
  if (seconds === 0) return
  const minutes = Math.ceil(seconds / 60)
  const wait = minutes === 1 ? 'a minute' : `${minutes} minutes`
  throw new Refusal(429, `Too many attempts. Wait ${wait}, then try again.`, { 'Retry-After': String(seconds) })
}
