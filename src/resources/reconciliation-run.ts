import { resource } from '../core/declaration.ts'

export default resource('ReconciliationRun', {
  label: 'Reconciliation runs',
  title: ['createdAt'],
  list: [
    'createdAt',
    'startedBy',
    'coversFrom',
    'coversUntil',
    'movements',
    'stripeCents',
    'ledgerCents',
    'exceptions',
  ],
  sort: { by: 'createdAt', direction: 'desc' },
  labels: {
    createdAt: 'Compared',
    startedBy: 'Started by',
    coversFrom: 'From',
    coversUntil: 'Until',
    stripeCents: 'At Stripe',
    ledgerCents: 'In the books',
    exceptions: 'Open exceptions',
  },
})
