import { escapeHtml } from '../../core/escape-html.ts'
import { setOnboarded } from './accounts.ts'
import type { Call } from './call.ts'
import { decideIntent } from './control.ts'
import { intentOf } from './payment-intents.ts'

/** An answer for a person's browser: a page, or where to go. */
export type Page = { readonly html: string } | { readonly redirect: string }

/** The pages that Stripe and banks would show; each says that it is simulated. */
export function pageFor(
  call: Call,
  { method, path, query }: { method: string; path: string; query: URLSearchParams },
): Page | null {
  const [, place, id = ''] = /^\/_sim\/(authenticate|onboarding)\/(\w+)$/.exec(path) ?? []
  if (place === 'authenticate') return method === 'POST' ? answered(call, id, query) : question(call, id)
  if (place === 'onboarding') return method === 'POST' ? onboarded(call, id, query) : onboarding(id, query)
  return null
}

function question(call: Call, id: string): Page {
  const { amount, currency } = intentOf({ ...call, ids: [id] })
  return {
    html: page(
      'Your bank asks',
      `<p>Do you agree to pay ${(amount / 100).toFixed(2)} ${escapeHtml(currency.toUpperCase())}?</p>
       <form method="post" action="?outcome=approved"><button>Yes, pay</button></form>
       <form method="post" action="?outcome=declined"><button>No</button></form>`,
    ),
  }
}

function answered(call: Call, id: string, query: URLSearchParams): Page {
  const intent = intentOf({ ...call, ids: [id] })
  const back = intent.next_action?.redirect_to_url?.return_url
  if (intent.status === 'requires_action') decideIntent(call, id, query.get('outcome') === 'approved')
  return back ? { redirect: back } : { html: page('Thank you', '<p>You can close this page.</p>') }
}

function onboarding(id: string, query: URLSearchParams): Page {
  const back = escapeHtml(query.get('return_url') ?? '')
  return {
    html: page(
      'Get paid through Stripe',
      `<p>Stripe would ask for your name, papers and bank account here.</p>
       <form method="post" action="?return_url=${encodeURIComponent(query.get('return_url') ?? '')}">
         <button>Everything is filled in</button></form>
       ${back ? `<p><a href="${back}">Later</a></p>` : ''}`,
    ),
  }
}

function onboarded(call: Call, id: string, query: URLSearchParams): Page {
  setOnboarded(call, id, true)
  const back = query.get('return_url')
  return back && /^https?:/.test(back)
    ? { redirect: back }
    : { html: page('Thank you', '<p>You can close this page.</p>') }
}

const page = (title: string, body: string): string => `<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>${title} · simulated</title>
<style>body{font:16px/1.5 system-ui;max-width:28rem;margin:3rem auto;padding:0 1rem}button{font:inherit;padding:.5rem 1rem;margin:.25rem 0}
.simulated{background:#fff3cd;color:#533f03;padding:.5rem .75rem;border-radius:.4rem}</style>
<p class="simulated">Simulated: this is not Stripe, and no money moves.</p><h1>${title}</h1>${body}</html>`
