import express, { type Request, type Response } from 'express'
import type { Database } from '../core/db.ts'
import { recordEvent } from './audit.ts'
import { SECOND_FACTOR } from './authentication.ts'
import type { Encryption } from './encryption.ts'
import { Refusal, wantsJson } from './errors.ts'
import { safeReturnTo } from './return-to.ts'
import { codePage, recoveryCodesPage, setUpPage } from './second-factor-page.ts'
import { SecondFactor, mustHaveSecondFactor } from './second-factor.ts'
import { endSession, identityOf, ownerOf, startSession } from './session.ts'
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
    if (identityOf(req)) return res.redirect(303, returnTo)
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
      const proof = await factor.check(userId, textIn(req, 'code'))
      if (!proof) {
        await signIn.refuse(userId, origin)
        throw new Refusal(401, WRONG)
      }
      await throttle.forgive(userId)
      await signIn.complete(userId, orgId, origin)
      await startSession(req, { ...ownerOf(req), secondFactorAt: Date.now() })
      if (proof === 'recovery') await noteRecovery(db, { userId, orgId, ...origin })
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
  const isStale = (res: Response) => Date.now() - res.locals.identity.passwordAt > PASSWORD_WITHIN_MS

  const show = async (res: Response, error?: string): Promise<void> => {
    const { userId, email, role } = res.locals.identity
    const totp = await factor.offer(userId, email)
    res.send(setUpPage({ totp, must: mustHaveSecondFactor(role), askPassword: isStale(res), error }))
  }

  router.get(`${SECOND_FACTOR}/set-up`, async (req, res) => {
    const { userId, secondFactorAt } = res.locals.identity
    if (!(await factor.isOn(userId))) return await show(res)
    if (secondFactorAt !== null) return res.redirect(303, '/admin/profile')
    // it was turned on elsewhere since: this session has not proved it
    await endSession(req, res)
    res.redirect(303, '/admin/login')
  })

  router.post(`${SECOND_FACTOR}/set-up`, readForm, async (req, res) => {
    const { userId, orgId, role } = res.locals.identity
    const origin = { ip: req.ip ?? '', requestId: res.locals.requestId }
    try {
      if (isStale(res)) await signIn.confirm(res.locals.identity, textIn(req, 'password'), origin)
      refuseThrottled(await throttle.attempt(userId))
      const codes = await factor.confirm(userId, textIn(req, 'code').replaceAll(/\s/g, ''))
      if (!codes) throw new Refusal(400, WRONG)
      await throttle.forgive(userId)
      await db.asAuth((query) => recordEvent(query, { action: 'user.secondFactorOn', userId, orgId, role, ...origin }))
      await startSession(req, { ...ownerOf(req), secondFactorAt: Date.now() })
      res.send(recoveryCodesPage(codes))
    } catch (error) {
      if (!(error instanceof Refusal) || wantsJson(req)) throw error
      res.status(error.status).set(error.headers)
      await show(res, error.message)
    }
  })

  router.post(`${SECOND_FACTOR}/recovery-codes`, readForm, async (req, res) => {
    const { identity, requestId } = res.locals
    const { userId, orgId, role, secondFactorAt } = identity
    if (secondFactorAt === null) throw new Refusal(409, 'Set up your second step first.')
    const origin = { ip: req.ip ?? '', requestId }
    await signIn.confirm(identity, textIn(req, 'password'), origin)
    const codes = await factor.newRecoveryCodes(userId)
    await db.asAuth((query) => recordEvent(query, { action: 'user.recoveryCodesMade', userId, orgId, role, ...origin }))
    res.send(recoveryCodesPage(codes))
  })
  return router
}
