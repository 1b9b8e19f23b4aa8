import { resource } from '../core/declaration.ts'

export default resource('Trip', {
  title: ['startedAt'],
  list: ['startedAt', 'lesson', 'endedAt', 'purgedAt'],
  labels: { purgedAt: 'Points deleted' },
  related: { points: { label: 'Positions' } },
})
