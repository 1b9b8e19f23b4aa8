import type { Declaration } from '../core/declaration.ts'
import { fieldLabel } from '../core/labels.ts'
import { may, panelRoles } from '../core/permissions.ts'
import { fieldOf } from '../core/schema.ts'
import type { Property, Screen } from './screen.ts'

/**
 * Columns of the records that a model refers to, as far as its list and its search name them: `student.phone`. They are
 * read only, and only by roles that read that column of that model.
 */
export function pathsOf(
  screens: ReadonlyMap<string, Screen>,
  screen: Screen,
  declaration: Declaration | undefined,
): Property[] {
  const named = [...((declaration?.list ?? []) as readonly string[]), ...screen.offers.search]
  const paths = [...new Set(named.filter((path) => path.includes('.')))]
  const labels = (declaration?.labels ?? {}) as Readonly<Record<string, string>>
  const found = paths.flatMap((path) => pathProperty(screens, screen, path) ?? [])
  // an amount is shown with its currency
  const currencies = found.flatMap(({ currency }) => (currency ? (pathProperty(screens, screen, currency) ?? []) : []))
  return [...new Map([...currencies, ...found].map((one) => [one.name, one])).values()].map((one) => ({
    ...one,
    label: labels[one.name] ?? one.label,
  }))
}

function pathProperty(screens: ReadonlyMap<string, Screen>, screen: Screen, path: string): Property | undefined {
  const [relation, column] = path.split('.') as [string, string]
  const field = fieldOf(screen.model, relation)
  if (!field?.relationFromFields?.length) return undefined
  const target = screens.get(field.type)!
  const property = target.properties.find((one) => one.column === column)
  if (!property || property.kind === 'reference') return undefined
  const owner = screen.properties.find((one) => one.name === relation)
  const readers = panelRoles.filter(
    (role) =>
      owner?.readers.has(role) &&
      may(role, 'read', target.model.name) &&
      property.readers.has(role) &&
      !property.maskedFor.has(role),
  )
  return {
    ...property,
    name: path,
    label: `${owner?.label ?? fieldLabel(relation)}’s ${lowered(property.label)}`,
    through: relation,
    currency: property.currency && `${relation}.${property.currency}`,
    required: false,
    writable: false,
    readers: new Set(readers),
  }
}

/** "Phone" → "phone", but "GST" stays. */
const lowered = (label: string): string =>
  /^[A-Z]{2}/.test(label) ? label : `${label.charAt(0).toLowerCase()}${label.slice(1)}`
