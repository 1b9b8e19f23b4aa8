import { resource } from '../core/declaration.ts'

export default resource('LedgerEntry', {
  title: ['account', 'amountCents'],
  list: ['createdAt', 'transaction', 'account', 'amountCents', 'instructor', 'booking'],
})
