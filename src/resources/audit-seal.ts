import { resource } from '../core/declaration.ts'

export default resource('AuditSeal', { label: 'Audit seals', singular: 'Audit seal', title: ['createdAt'] })
