import { resource } from '../core/declaration.ts'
import { lessonTypes } from '../core/vocabulary.ts'

export default resource('Service', {
  list: ['name', 'durationMin', 'lessonType', 'transmission', 'active', 'updatedAt'],
  values: { lessonType: lessonTypes },
  import: { columns: ['name', 'description', 'durationMin', 'lessonType', 'transmission', 'active'], match: ['name'] },
})
