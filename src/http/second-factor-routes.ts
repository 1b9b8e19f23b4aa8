import express, { type Request, type Response } from 'express'
import type { Database } from '../core/db.ts'
import { type AccessEvent, recordEvent } from './audit.ts'
import { SECOND_FACTOR } from './authentication.ts'
import type { Encryption } from './encryption.ts'
import { Refusal, wantsJson } from './errors.ts'
import { safeReturnTo } from './return-to.ts'
import { codePage, recoveryCodesPage, setUpPage } from './second-factor-page.ts'
import { SecondFactor, Unreadable, mustHaveSecondFactor } from './second-factor.ts'
import { endSession, ownerOf, personOf, startSession } from './session.ts'
import { readForm, textIn } from './sign-in.ts'
import { SignIn, refuseThrottled } from './sign-in-attempt.ts'
import { CodeThrottle } from './throttle.ts'

/** Tries at a code in a quarter of an hour: of a million codes three are right at a time. */
export const CODES_PER_PERSON = 10
/** Whoever has given the password has so long for the code. */
const PENDING_MS = 10 * 60_000
/** Turning it on asks for the password again when it was given longer ago. */
const PASSWORD_WITHIN_MS = 5 * 60_000
const WRONG = 'That code is not right, or was used before. Wait for the next one and type it.'

/** `GET` and `POST /admin/second-factor`: the step after the password. */
export function secondFactorRoutes(db: Database, encryption: Encryption): express.Router {
  const router = express.Router({ caseSensitive: true })
  const factor = new SecondFactor(db, encryption)
  const signIn = new SignIn(db)
  const throttle = new CodeThrottle(db, 'code', CODES_PER_PERSON)

  router.get(SECOND_FACTOR, async (req, res) => {
    const returnTo = safeReturnTo(req.query.returnTo)
    if (personOf(req)) return res.redirect(303, returnTo)
    if (!(await waits(req, res))) return res.redirect(303, '/admin/login')
    res.send(codePage({ returnTo }))
  })

  router.post(SECOND_FACTOR, readForm, async (req, res) => {
    const returnTo = safeReturnTo(textIn(req, 'returnTo'))
    if (!(await waits(req, res))) return res.redirect(303, '/admin/login')
    const { userId, orgId } = ownerOf(req)
    const origin = { ip: req.ip ?? '', requestId: res.locals.requestId }
    try {
      refuseThrottled(await throttle.attempt(userId))
      const proof = await factor.check(userId, textIn(req, 'code')).catch(explain)
      if (!proof) {
        await signIn.refuse(userId, origin)
        throw new Refusal(401, WRONG)
      }
      await throttle.forgive(userId)
      await signIn.complete(userId, orgId, origin)
      await startSession(req, { ...ownerOf(req), secondFactorAt: Date.now() })
      if (proof === 'recovery' && orgId) await noteRecovery(db, { userId, orgId, ...origin })
      res.redirect(303, returnTo)
    } catch (error) {
      if (!(error instanceof Refusal) || wantsJson(req)) throw error
      res
        .status(error.status)
        .set(error.headers)
        .send(codePage({ returnTo, error: error.message }))
    }
  })
  return router
}

const LOST_KEY =
  'Your second step cannot be checked: the server runs with another ENCRYPTION_KEY (or SESSION_SECRET) than when you set it ' +
  'up. Ask whoever runs DriveFlow to set the earlier one again, or to reset your second step.'

function explain(error: unknown): never {
  throw error instanceof Unreadable ? new Refusal(503, LOST_KEY) : error
}

/** Whether this session waits for its code; one that has waited too long ends. */
async function waits(req: Request, res: Response): Promise<boolean> {
  const { pending, createdAt } = req.session
  if (!pending) return false
  if (Date.now() - createdAt! <= PENDING_MS) return true
  await endSession(req, res)
  return false
}

async function noteRecovery(
  db: Database,
  who: { userId: string; orgId: string; ip: string; requestId: string },
): Promise<void> {
  await db.asAuth(async (query) => {
    const { rows } = await query('SELECT role FROM "UserOrg" WHERE "userId" = $1 AND "orgId" = $2 LIMIT 1', [
      who.userId,
      who.orgId,
    ])
    await recordEvent(query, { action: 'user.recoveryCodeUsed', role: rows[0]?.role, ...who })
  })
}

/** `/admin/second-factor/set-up` and new recovery codes, for people who are signed in. */
export function secondFactorSetUp(db: Database, encryption: Encryption): express.Router {
  const router = express.Router({ caseSensitive: true })
  const factor = new SecondFactor(db, encryption)
  const signIn = new SignIn(db)
  const throttle = new CodeThrottle(db, 'code', CODES_PER_PERSON)
  const isStale = (res: Response) => Date.now() - res.locals.person.passwordAt > PASSWORD_WITHIN_MS

  const show = async (res: Response, error?: string): Promise<void> => {
    const { person, identity } = res.locals
    const totp = await factor.offer(person.userId, person.email)
    res.send(setUpPage({ totp, must: mustHaveSecondFactor(person, identity), askPassword: isStale(res), error }))
  }

  router.get(`${SECOND_FACTOR}/set-up`, async (req, res) => {
    const { userId, secondFactorAt } = res.locals.person
    if (!(await factor.isOn(userId))) return await show(res)
    if (secondFactorAt !== null) return res.redirect(303, '/admin/profile')
    // it was turned on elsewhere since: this session has not proved it
    await endSession(req, res)
    res.redirect(303, '/admin/login')
  })

  router.post(`${SECOND_FACTOR}/set-up`, readForm, async (req, res) => {
    const { person, requestId } = res.locals
    const { userId } = person
    const origin = { ip: req.ip ?? '', requestId }
    try {
      if (isStale(res)) await signIn.confirm(res.locals.identity ?? person, textIn(req, 'password'), origin)
      refuseThrottled(await throttle.attempt(userId))
      const codes = await factor.confirm(userId, textIn(req, 'code').replaceAll(/\s/g, ''))
      if (!codes) throw new Refusal(400, WRONG)
      await throttle.forgive(userId)
      await note('user.secondFactorOn', req)
      await startSession(req, { ...ownerOf(req), secondFactorAt: Date.now() })
      res.send(recoveryCodesPage(codes))
    } catch (error) {
      if (!(error instanceof Refusal) || wantsJson(req)) throw error
      res.status(error.status).set(error.headers)
      await show(res, error.message)
    }
  })

  router.post(`${SECOND_FACTOR}/recovery-codes`, readForm, async (req, res) => {
    const { person, identity, requestId } = res.locals
    const { userId, secondFactorAt } = person
    if (secondFactorAt === null) throw new Refusal(409, 'Set up your second step first.')
    const origin = { ip: req.ip ?? '', requestId }
    await signIn.confirm(identity ?? person, textIn(req, 'password'), origin)
    const codes = await factor.newRecoveryCodes(userId)
    await note('user.recoveryCodesMade', req)
    res.send(recoveryCodesPage(codes))
  })

  /** In the log of the school; somebody of the platform may be in none. */
  async function note(action: AccessEvent['action'], req: Request): Promise<void> {
    const { identity, requestId } = req.res!.locals
    if (!identity) return
    const { userId, orgId, role } = identity
    await db.asAuth((query) => recordEvent(query, { action, userId, orgId, role, ip: req.ip ?? '', requestId }))
  }
  return router
}
