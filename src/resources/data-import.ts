import { resource } from '../core/declaration.ts'

export default resource('DataImport', {
  label: 'Imports',
  singular: 'Import',
  title: ['fileName'],
  list: ['fileName', 'model', 'status', 'rowsTotal', 'rowsWritten', 'rowsRefused', 'createdBy', 'createdAt'],
  sort: { by: 'createdAt', direction: 'desc' },
  labels: {
    fileName: 'File',
    model: 'Records',
    rowsTotal: 'Rows',
    rowsDone: 'Rows looked at',
    rowsWritten: 'Written',
    rowsRefused: 'Refused',
    createdBy: 'By',
    error: 'Why it stopped',
  },
  fields: {
    // how the program keeps them
    separator: { read: [] },
    mapping: { read: [] },
    generation: { read: [] },
  },
  values: { model: 'models' },
})
