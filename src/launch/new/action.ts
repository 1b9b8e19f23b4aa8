import { valueLabel } from '../../core/labels.ts'
import type { Plan } from '../new.ts'
import { dotted, fileName, knownModel, lowerFirst, pascal } from './names.ts'

/** An action on one record, for owner and admin. */
export function newAction([name = '']: readonly string[]): Plan {
  const [about, verb] = dotted(name, 'student.archive')
  const model = knownModel(pascal(about))
  const path = `src/actions/${fileName(verb)}-${fileName(model)}.ts`
  const label = valueLabel(verb.replaceAll('-', ' '))
  const text = `import { action } from '../core/action.ts'

export default action('${name}', {
  model: '${model}',
  on: 'record',
  may: ['owner', 'admin'],
  label: '${label}',
  confirm: ({ title }) => \`${label} \${title}?\`,
  run: async ({ tx }, { record }) => {
    await tx.${lowerFirst(model)}.updateMany({ where: { id: record.id }, data: {} })
    return 'Done.'
  },
})
`
  return { files: { [path]: text }, next: ['Then: say in run what happens, and npm run check.'] }
}
