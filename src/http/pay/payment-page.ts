import type { Response } from 'express'
import { formatMoney } from '../../core/money.ts'
import { cards } from '../../services/stripe-simulator/cards.ts'
import type { StripeConnection } from '../../services/stripe.ts'
import { STRIPE_VERSION } from '../../services/stripe-version.ts'
import { Html, html, page } from '../page.ts'
import type { Bill } from './read-bill.ts'

/** What there is to do on the page. */
export type Step =
  | { readonly kind: 'paid' | 'processing' | 'over' | 'later' }
  | { readonly kind: 'bank'; readonly url: string }
  | { readonly kind: 'card'; readonly clientSecret: string; readonly declined: string | null }

export interface Shown {
  readonly bill: Bill
  readonly step: Step
  readonly connection: StripeConnection
  /** This page's own address, to which a bank sends people back. */
  readonly address: string
}

/** The page on which a learner pays, outside of the panel and without a session. */
export function paymentPage(res: Response, shown: Shown): string {
  const { bill, connection, step } = shown
  const amount = formatMoney(bill.amountCents, bill.currency)
  const elements = step.kind === 'card' && !connection.simulated
  if (elements) allowElements(res)
  const simulated = html`<p class="notice" role="note">
    <strong>Simulated.</strong> This school is not connected to Stripe: no card is charged and no money moves.
  </p>`
  return page(
    `Pay ${amount}`,
    html`${connection.simulated && simulated}
      <h1>${step.kind === 'paid' ? 'Paid' : `Pay ${amount}`}</h1>
      <p>${bill.what}<br /><span class="quiet">${bill.when} · ${bill.school}</span></p>
      ${bodyOf(shown, amount, res.locals.nonce)}`,
  )
}

function bodyOf({ step, connection, address, bill }: Shown, amount: string, nonce: string): Html {
  switch (step.kind) {
    case 'paid':
      return bill.payment.purpose === 'lesson'
        ? html`<p role="status">Thank you: ${amount} has arrived, and your lesson is booked.</p>`
        : html`<p role="status">Thank you: ${amount} has arrived.</p>`
    case 'processing':
      return html`<p role="status">Your bank is working on it. This can take a few days; you need not do anything.</p>`
    case 'over':
      return html`<p role="status">
        There is nothing to pay here any more. Ask your driving school if you expected otherwise.
      </p>`
    case 'later':
      return html`<p role="alert">The payment cannot be prepared right now. Nothing was charged.</p>
        <p><a class="button" href="">Try again</a></p>`
    case 'bank':
      return html`<p role="status">Your bank wants you to confirm this payment.</p>
        <p><a class="button" href="${step.url}">Continue to your bank</a></p>`
    default:
      return html`${step.declined && html`<p class="problem" role="alert">${step.declined}</p>`}
      ${connection.simulated ? simulatedCards(amount) : elementsForm(connection, { step, address, amount, nonce })}`
  }
}

/** Nobody types a number here: what the simulator's cards do is chosen by name. */
function simulatedCards(amount: string): Html {
  const choices = cards.map(
    ({ id, label }, index) =>
      html`<label class="choice"
        ><input type="radio" name="card" value="${id}" ${new Html(index === 0 ? 'checked' : '')} /> ${label}</label
      >`,
  )
  return html`<form method="post">
    <fieldset>
      <legend>Which simulated card?</legend>
      ${choices}
    </fieldset>
    <button>Pay ${amount}</button>
  </form>`
}

interface Elements {
  readonly step: Extract<Step, { kind: 'card' }>
  readonly address: string
  readonly amount: string
  readonly nonce: string
}

/** Stripe's own form: the card goes from the browser to Stripe, and never comes near us. */
function elementsForm({ publishableKey }: StripeConnection, { step, address, amount, nonce }: Elements): Html {
  if (!publishableKey)
    return html`<p role="alert">Card payment is not set up on this page yet. Ask your driving school how to pay.</p>`
  return html`<form id="pay" data-key="${publishableKey}" data-secret="${step.clientSecret}" data-back="${address}">
      <div id="card"></div>
      <p class="problem" id="problem" role="alert"></p>
      <button>Pay ${amount}</button>
    </form>
    <noscript><p>To pay here your browser needs JavaScript: the card is typed into a form of Stripe.</p></noscript>
    <script src="https://js.stripe.com/${STRIPE_VERSION.split('.')[1]}/stripe.js" nonce="${nonce}"></script>
    <script nonce="${nonce}">
      ${new Html(ELEMENTS)}
    </script>`
}

const ELEMENTS = `
const form = document.getElementById('pay')
const { key, secret, back } = form.dataset
const stripe = Stripe(key)
const elements = stripe.elements({ clientSecret: secret })
elements.create('payment').mount('#card')
form.addEventListener('submit', async (event) => {
  event.preventDefault()
  const button = form.querySelector('button')
  button.disabled = true
  const { error } = await stripe.confirmPayment({ elements, confirmParams: { return_url: back } })
  document.getElementById('problem').textContent = error ? error.message : ''
  button.disabled = false
})`

/** On this page alone Stripe's scripts and frames are let in. */
function allowElements(res: Response): void {
  const stripe = 'https://js.stripe.com https://*.js.stripe.com'
  res.setHeader(
    'Content-Security-Policy',
    [
      "default-src 'none'",
      `script-src 'nonce-${res.locals.nonce}' ${stripe}`,
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data: https://*.stripe.com",
      `frame-src ${stripe} https://hooks.stripe.com`,
      "connect-src 'self' https://api.stripe.com",
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "object-src 'none'",
    ].join('; '),
  )
  res.setHeader('Permissions-Policy', 'payment=(self "https://js.stripe.com")')
}
