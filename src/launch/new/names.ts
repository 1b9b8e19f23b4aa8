import { models } from '../../core/schema.ts'
import { Problem } from '../../postgres/problem.ts'

/** `InstructorCredential` → `instructor-credential`. */
export const fileName = (name: string): string => name.replaceAll(/(?<=.)([A-Z])/g, '-$1').toLowerCase()

export const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1)

export const upperFirst = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

/** `driving-test` and `drivingTest` → `DrivingTest`. */
export const pascal = (name: string): string => name.split('-').map(upperFirst).join('')

/** @throws Problem that names the model that was perhaps meant */
export function knownModel(name: string): string {
  if (models.has(name)) return name
  const meant = [...models.keys()].filter((one) => likeness(one) === likeness(name) || startsAlike(one, name))
  const hint = meant.length > 0 ? ` Did you mean ${meant.slice(0, 3).join(' or ')}?` : ''
  throw new Problem(
    `There is no model ${name}.${hint} A new one begins with: npm run new model ${upperFirst(name)} <area>`,
  )
}

const likeness = (name: string): string => name.toLowerCase().replaceAll(/[^a-z]|s$/g, '')

const startsAlike = (one: string, other: string): boolean =>
  other.length >= 4 && one.toLowerCase().startsWith(other.toLowerCase().slice(0, 4))

/** `student.archive` → ['student', 'archive']. @throws Problem when it is no such name */
export function dotted(name: string, example: string): [string, string] {
  const parts = /^([a-z][A-Za-z-]*)\.([a-z][A-Za-z-]*)$/.exec(name)
  if (!parts) throw new Problem(`"${name}" is no name: it says what and then does what, like ${example}.`)
  return [parts[1]!, parts[2]!]
}
