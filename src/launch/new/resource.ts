import { modelLabel, plural } from '../../core/labels.ts'
import { modelOf, relationOf } from '../../core/schema.ts'
import type { Plan } from '../new.ts'
import { fileName, knownModel } from './names.ts'

const COLUMNS = 8
const QUIET = /^(id|orgId|createdAt|updatedAt|currency|version|password)$/

/** The declaration of a model's screen, with the first columns of its list. */
export function newResource([name = '']: readonly string[]): Plan {
  const model = modelOf(knownModel(name))
  const columns = model.fields
    .filter(
      (field) => field.kind !== 'object' && field.type !== 'Json' && field.type !== 'Bytes' && !QUIET.test(field.name),
    )
    .map((field) => relationOf(model, field.name)?.name ?? field.name)
    .slice(0, COLUMNS)
  const label = modelLabel(name)
  const path = `src/resources/${fileName(name)}.ts`
  const text = `import { resource } from '../core/declaration.ts'

export default resource('${name}', {
  label: '${plural(label)}',
  singular: '${label}',
  list: [${columns.map((column) => `'${column}'`).join(', ')}],
})
`
  return { files: { [path]: text }, next: ['Then: npm run check, and npm start to look at it.'] }
}
