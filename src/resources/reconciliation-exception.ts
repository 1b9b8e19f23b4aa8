import { resource } from '../core/declaration.ts'

export default resource('ReconciliationException', {
  label: 'Reconciliation exceptions',
  title: ['description'],
  list: ['day', 'kind', 'description', 'stripeCents', 'ledgerCents', 'differenceCents', 'status', 'lastSeenAt'],
  sort: { by: 'createdAt', direction: 'desc' },
  filters: { range: ['day'], multi: ['status', 'kind'] },
  scopes: {
    Open: { where: { status: 'open' }, count: true },
    Explained: { where: { status: 'explained' } },
    Gone: { where: { status: 'gone' } },
  },
  labels: {
    subject: 'Id at Stripe',
    refType: 'About',
    refId: 'Id of it',
    stripeCents: 'At Stripe',
    ledgerCents: 'In the books',
    stripeFeeCents: 'Fee at Stripe',
    ledgerFeeCents: 'Fee in the books',
    differenceCents: 'Difference',
    lastSeenAt: 'Last seen',
    createdAt: 'Found',
  },
  badges: ['status'],
  links: {
    'The record': ({ refType, refId }) => refType && refId && `/admin/resources/${refType}/records/${refId}/show`,
  },
  values: {
    kind: {
      missing_in_ledger: 'Missing in the books',
      missing_at_stripe: 'Missing at Stripe',
      amount_differs: 'Another amount',
      fee_differs: 'Another fee',
    },
    status: { gone: 'Closed by itself' },
    refType: 'models',
  },
})
