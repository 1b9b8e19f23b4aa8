import { resource } from '../core/declaration.ts'

export default resource('SavedView', { labels: { resource: 'List' }, values: { resource: 'models' } })
