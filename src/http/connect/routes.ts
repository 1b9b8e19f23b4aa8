import express, { type Request } from 'express'
import { Stripe } from 'stripe'
import type { Context } from '../../core/context.ts'
import type { Database } from '../../core/db.ts'
import { isOnboardingLink, readOnboarding } from '../../domain/payouts/onboarding-link.ts'
import { requirementWords } from '../../domain/payouts/requirement-words.ts'
import { stripeConnection } from '../../services/stripe.ts'
import { NoAnswer } from '../../stripe/ask.ts'
import { onboardingAddress, refreshAccount } from '../../stripe/open-account.ts'
import { Refusal } from '../errors.ts'
import { type Html, html, page } from '../page.ts'

const NOT_OURS = 'This link is cut off, or too old. Ask your driving school to send it again.'

/**
 * `/connect/<token>`: where an instructor goes on to Stripe, to be paid. Whoever has the link learns a name and what Stripe
 * still wants; who they are, they prove to Stripe.
 */
export function connectRoutes(db: Database, appUrl: string): express.Router {
  const router = express.Router({ caseSensitive: true, strict: true })
  router.get('/connect/:token', async (req, res) => {
    const visit = await arrive(db, req, appUrl)
    if (req.query.back !== undefined) await refreshAccount(visit.ctx, visit.instructorId).catch(giveUpOn)
    res.send(page('Get paid', await bodyOf(visit)))
  })
  // Stripe's addresses count once and soon, so one is made when it is wanted
  router.get('/connect/:token/go', async (req, res) => {
    const visit = await arrive(db, req, appUrl)
    const address = await onboardingAddress(visit.ctx, visit.instructorId, visit.address).catch((error: unknown) => {
      giveUpOn(error)
      return null
    })
    if (address) res.redirect(303, address)
    else res.status(503).send(page('Get paid', later(visit.address)))
  })
  return router
}

interface Visit {
  readonly ctx: Context
  readonly instructorId: string
  /** This page's own, to which Stripe sends people back. */
  readonly address: string
}

async function arrive(db: Database, req: Request, appUrl: string): Promise<Visit> {
  const token = String(req.params.token)
  const named = readOnboarding(token)
  if (!named || !stripeConnection()) throw new Refusal(404, NOT_OURS)
  const { orgId, instructorId } = named
  const requestId = String(req.res?.locals.requestId)
  const nobody = { userId: null, role: null, actorKind: 'webhook' } as const
  const ctx: Context = { db, orgId, ...nobody, ip: req.ip ?? null, requestId }
  if (!(await db.transaction(ctx, (tx) => isOnboardingLink({ ...ctx, tx }, token)))) throw new Refusal(404, NOT_OURS)
  return { ctx, instructorId, address: `${appUrl}/connect/${token}` }
}

/** What Stripe cannot say now is looked at again when its own event arrives. */
function giveUpOn(error: unknown): void {
  if (!(error instanceof Stripe.errors.StripeError) && !(error instanceof NoAnswer)) throw error
}

async function bodyOf({ ctx, instructorId, address }: Visit): Promise<Html> {
  const instructor = await ctx.db.read(ctx, (client) =>
    client.instructor.findFirst({
      where: { id: instructorId, orgId: ctx.orgId },
      select: {
        displayName: true,
        stripeOnboardingStatus: true,
        stripeRequirementsDue: true,
        org: { select: { name: true } },
      },
    }),
  )
  if (!instructor) throw new Refusal(404, NOT_OURS)
  const { displayName, stripeOnboardingStatus: status, stripeRequirementsDue: due, org } = instructor
  const simulated = html`<p class="notice" role="note">
    <strong>Simulated.</strong> This school is not connected to Stripe: no money moves.
  </p>`
  if (status === 'complete')
    return html`${stripeConnection()?.simulated && simulated}
      <h1>You can be paid</h1>
      <p role="status">
        Stripe has everything, ${displayName}. ${org.name} pays your share of each lesson to your account.
      </p>`
  const wanted = Array.isArray(due) ? due.filter((one) => typeof one === 'string') : []
  return html`${stripeConnection()?.simulated && simulated}
    <h1>Get paid by ${org.name}</h1>
    <p>
      Hello ${displayName}, your share of each lesson goes to you through Stripe. Stripe still asks for:
      ${requirementWords(wanted)}.
    </p>
    <p><a class="button" href="${new URL(address).pathname}/go">Continue to Stripe</a></p>
    <p class="quiet">What you tell Stripe is not seen by the school.</p>`
}

const later = (address: string): Html =>
  html`<h1>Stripe does not answer</h1>
    <p role="alert">Nothing is lost. Try again in a minute.</p>
    <p><a class="button" href="${new URL(address).pathname}">Back</a></p>`
