import { resource } from '../core/declaration.ts'

export default resource('Location', { list: ['name', 'kind', 'address', 'postcode', 'active'] })
