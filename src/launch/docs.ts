import { writeFileSync } from 'node:fs'
import { buildScreens } from '../admin/screen.ts'
import type { Action } from '../core/action.ts'
import type { Declaration } from '../core/declaration.ts'
import { discover } from '../core/discover.ts'
import { panelRoles } from '../core/permissions.ts'
import { root } from '../core/root.ts'
import { areas } from '../core/schema.ts'
import { sectionOf } from './docs/section.ts'
import { step } from './say.ts'

export const DOCS = 'docs/panel.md'

/** Writes docs/panel.md as the declarations are now. */
export async function writeDocs(): Promise<void> {
  writeFileSync(root(DOCS), await panelDocs())
  step('docs', `${DOCS} is up to date`)
}

/** Every resource with its fields, filters, tabs and actions, and who may what, as a page for developers. */
export async function panelDocs(): Promise<string> {
  const declarations = (await discover<Declaration>('resources')).map(({ value }) => value)
  const actions = (await discover<Action>('actions')).map(({ value }) => value)
  const screens = [...buildScreens(declarations).values()]
  const parts = Object.entries(areas).map(([area, label]) => {
    const inArea = screens.filter(({ model }) => model.area === area)
    const sections = inArea.map((screen) =>
      sectionOf(screen, {
        declaration: declarations.find(({ model }) => model === screen.model.name),
        actions: actions.filter(({ model }) => model === screen.model.name),
      }),
    )
    return { label, links: inArea.map(({ model }) => `[${model.name}](#${model.name.toLowerCase()})`), sections }
  })
  return [
    '# The panel',
    '',
    'Every resource: its fields, what its list can be asked for, what can be done, and who may. Written by `npm run docs` from',
    'the schema, `src/resources`, `src/actions` and `src/core/permissions.ts`; do not edit it.',
    '',
    `Roles: ${panelRoles.join(', ')}. Where a field says nothing of them, everybody sees it who sees the resource, and everybody`,
    'changes it who may edit the resource. A masked field shows its end, `•••• 123`, and can be neither filtered, sorted, searched,',
    'changed nor exported by that role. A locked field cannot be changed in some records; the record says why.',
    '',
    ...parts.map(({ label, links }) => `- **${label}**: ${links.join(', ')}`),
    ...parts.flatMap(({ label, sections }) => ['', `# ${label}`, ...sections.flatMap((section) => ['', section])]),
    '',
  ].join('\n')
}
