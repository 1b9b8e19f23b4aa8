import { resource } from '../core/declaration.ts'

export default resource('Location', {
  list: ['name', 'kind', 'address', 'postcode', 'active'],
  import: { columns: ['name', 'kind', 'address', 'postcode', 'lat', 'lng', 'active'], match: ['name'] },
})
