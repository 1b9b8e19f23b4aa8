import { resource } from '../core/declaration.ts'

export default resource('StripeCall', {
  title: ['operation', 'createdAt'],
  list: ['createdAt', 'operation', 'refType', 'status', 'attempt', 'tries', 'stripeId', 'error', 'finishedAt'],
  sort: { by: 'createdAt', direction: 'desc' },
  filters: { range: ['createdAt'], multi: ['status'] },
  scopes: {
    'Not answered': { where: { status: ['pending', 'unknown'] }, count: true },
  },
  labels: {
    refType: 'For',
    refId: 'Id of it',
    tries: 'Times sent',
    firstTriedAt: 'First sent',
    stripeId: 'Id at Stripe',
  },
  // its operations have the names that the program gives them
  values: { operation: {}, refType: 'models' },
})
