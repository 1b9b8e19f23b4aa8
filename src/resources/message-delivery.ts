import { resource } from '../core/declaration.ts'

export default resource('MessageDelivery', {
  label: 'Message attempts',
  singular: 'Message attempt',
  title: ['createdAt'],
  list: ['createdAt', 'message', 'number', 'outcome', 'detail', 'handedOverAt', 'finishedAt', 'providerId'],
  sort: { by: 'createdAt', direction: 'desc' },
  filters: { range: ['createdAt'] },
  labels: { number: 'Attempt', detail: 'Answer', handedOverAt: 'Handed over', finishedAt: 'Answered' },
})
