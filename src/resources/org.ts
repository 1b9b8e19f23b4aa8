import { resource } from '../core/declaration.ts'

export default resource('Org', {
  label: 'School',
  singular: 'School',
  list: ['name', 'abn', 'timeZone', 'status', 'currency', 'gstRegistered'],
  write: ['name', 'abn', 'gstRegistered'],
  formats: { abn: 'abn' },
  tabs: {
    School: ['name', 'abn', 'gstRegistered', 'status'],
    Region: ['timeZone', 'currency'],
  },
})
