import { resource } from '../core/declaration.ts'

export default resource('OutboxDelivery', { label: 'Event deliveries', singular: 'Event delivery', title: ['handler'] })
