import { resource } from '../core/declaration.ts'

export default resource('LedgerEntry', {
  title: ['account', 'amountCents'],
  // what is done is told in words and amounts; the books follow
  says: () => null,
  list: ['createdAt', 'transaction', 'account', 'amountCents', 'instructor', 'booking'],
})
