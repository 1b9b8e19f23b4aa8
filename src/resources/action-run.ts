import { resource } from '../core/declaration.ts'

export default resource('ActionRun', { label: 'Actions run', singular: 'Action run', values: { recordType: 'models' } })
