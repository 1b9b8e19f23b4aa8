import { resource } from '../core/declaration.ts'

export default resource('ContactOptOut', { label: 'Opt-outs', singular: 'Opt-out', title: ['address', 'channel'] })
