import { randomBytes } from 'node:crypto'
import type Stripe from 'stripe'
import type { Call, Handler } from './call.ts'
import { page } from './lists.ts'
import { impossible, missing, wrongParameter } from './problem.ts'
import type { State } from './state.ts'

const DUE = ['individual.first_name', 'individual.verification.document', 'external_account', 'tos_acceptance.date']
const LINK_LIVES_SECONDS = 300

const create: Handler = (call) => {
  const { state, form } = call
  form.only('type', 'country', 'email', 'capabilities', 'business_type', 'metadata', 'controller', 'business_profile')
  const account = state.put('account', {
    id: state.newId('account'),
    object: 'account',
    business_type: 'individual',
    capabilities: { transfers: 'inactive' },
    charges_enabled: false,
    country: form.text('country') ?? 'AU',
    created: state.now(),
    default_currency: 'aud',
    details_submitted: false,
    email: form.text('email') ?? null,
    metadata: form.metadata(),
    payouts_enabled: false,
    requirements: requirements(DUE, 'requirements.past_due'),
    type: 'express',
  })
  return account
}

function requirements(due: readonly string[], disabled: string | null): Stripe.Account.Requirements {
  return {
    alternatives: null,
    current_deadline: null,
    currently_due: [...due],
    disabled_reason: (due.length > 0 ? disabled : null) as Stripe.Account.Requirements.DisabledReason | null,
    errors: null,
    eventually_due: [...due],
    past_due: [],
    pending_verification: [],
  }
}

/** The instructor has told Stripe everything, or Stripe wants something more and stops paying until it has it. */
export function setOnboarded(call: Call, id: string, complete: boolean): Stripe.Account {
  const before = accountOf(call.state, id)
  const account = call.state.put('account', {
    ...before,
    capabilities: { transfers: complete ? 'active' : 'inactive' },
    charges_enabled: complete,
    details_submitted: complete || before.details_submitted,
    payouts_enabled: complete,
    requirements: complete ? requirements([], null) : requirements(['external_account'], 'requirements.past_due'),
  })
  call.emit('account.updated', account, { account: id })
  call.emit('capability.updated', transfersOf(account), { account: id })
  return account
}

export const canReceive = (account: Stripe.Account): boolean => account.capabilities?.transfers === 'active'

const createLink: Handler = ({ state, form, origin }) => {
  form.only('account', 'type', 'refresh_url', 'return_url', 'collection_options', 'collect')
  const account = accountOf(state, form.required('account'), 'account')
  if (!form.text('return_url') || !form.text('refresh_url'))
    throw wrongParameter('return_url', 'Missing required param: return_url.', 'parameter_missing')
  const back = encodeURIComponent(form.required('return_url'))
  const link: Stripe.AccountLink = {
    object: 'account_link',
    created: state.now(),
    expires_at: state.now() + LINK_LIVES_SECONDS,
    url: `${origin}/_sim/onboarding/${account.id}?return_url=${back}`,
  }
  return link
}

const createLoginLink: Handler = ({ state, ids: [id = ''], origin }) => {
  const account = accountOf(state, id)
  if (!account.details_submitted)
    throw impossible(
      'account_not_onboarded',
      'Cannot create a login link for an account that has not completed onboarding.',
    )
  const link: Stripe.LoginLink = {
    object: 'login_link',
    created: state.now(),
    url: `${origin}/_sim/dashboard/${account.id}?${randomBytes(8).toString('hex')}`,
  }
  return link
}

const retrieve: Handler = ({ state, ids: [id = ''] }) => accountOf(state, id)

const list: Handler = ({ state, form }) => page(form, state.all('account'), '/v1/accounts')

const listCapabilities: Handler = ({ state, form, ids: [id = ''] }) =>
  page(form, [transfersOf(accountOf(state, id))], `/v1/accounts/${id}/capabilities`)

function transfersOf(account: Stripe.Account): Stripe.Capability {
  return {
    id: 'transfers',
    object: 'capability',
    account: account.id,
    requested: true,
    requested_at: account.created ?? null,
    status: account.capabilities?.transfers ?? 'inactive',
  }
}

export function accountOf(state: State, id: string, param = 'account'): Stripe.Account {
  const account = state.find('account', id)
  if (!account) throw missing('account', id, param)
  return account
}

export const accountRoutes: readonly (readonly [string, string, Handler])[] = [
  ['POST', '/v1/accounts', create],
  ['GET', '/v1/accounts', list],
  ['GET', '/v1/accounts/:id', retrieve],
  ['GET', '/v1/accounts/:id/capabilities', listCapabilities],
  ['POST', '/v1/accounts/:id/login_links', createLoginLink],
  ['POST', '/v1/account_links', createLink],
]
