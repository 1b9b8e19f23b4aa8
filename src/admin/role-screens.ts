import { type PanelRole, may } from '../core/permissions.ts'
import { fieldOf, modelOf } from '../core/schema.ts'
import { type Property, type Screen, propertiesFor, screenOf } from './screen.ts'

type Screens = ReadonlyMap<string, Screen>

/**
 * The screens as one role has them: what it may not see is in no title, list or order, nor does a masked column name,
 * order or find a record. Made once for each role; whoever goes by them cannot leak by forgetting.
 */
export function screensFor(screens: Screens, role: PanelRole): Screens {
  const shown = new Map(
    [...screens].map(([name, screen]) => [name, { ...screen, properties: propertiesFor(screen, role) }]),
  )
  return new Map([...shown].map(([name, screen]) => [name, narrowed(shown, screen, role)]))
}

function narrowed(shown: Screens, screen: Screen, role: PanelRole): Screen {
  const isClear = (path: string) => path === 'id' || propertyAt(shown, screen, path)?.masked === false
  return {
    ...screen,
    title: screen.title.filter(isClear),
    list: screen.list.filter((path) => propertyAt(shown, screen, path) !== undefined),
    paths: screen.paths.filter((path) => path.readers.has(role)),
    sort: isClear(screen.sort.by) ? screen.sort : { by: 'id', direction: screen.sort.direction },
    sortable: new Set([...screen.sortable].filter(isClear)),
    imports: may(role, 'import', screen.model.name) ? screen.imports : undefined,
  }
}

/** `fullName`, `student` or `student.phone`: what the role sees there, if anything. */
function propertyAt(shown: Screens, screen: Screen, path: string): Property | undefined {
  const [first, column] = path.split('.') as [string, string | undefined]
  const own = propertyNamed(screen, first)
  // the school that a record belongs to is none of its fields, and everybody's own
  const relation = first === 'org' ? first : own?.name
  if (column === undefined || !relation) return own
  const target = fieldOf(screen.model, relation)
  return target && propertyNamed(screenOf(shown, modelOf(target.type).name), column)
}

const propertyNamed = (screen: Screen, name: string): Property | undefined =>
  screen.properties.find((one) => one.name === name || one.column === name)
