/** JSON columns: AdminJS spreads their fields over the record's params (`evidence.note`); here they come together again. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

type Params = Record<string, unknown>

/** The value of a JSON column, whole; undefined when the record has none. A string that holds JSON is parsed. */
export function readJson(params: Params, path: string): Json | undefined {
  if (params[path] !== undefined) return parsed(params[path] as Json)
  const prefix = `${path}.`
  const fields = Object.entries(params).filter(([key]) => key.startsWith(prefix))
  if (fields.length === 0) return undefined
  const root: Params = {}
  for (const [key, value] of fields) place(root, key.slice(prefix.length).split('.'), value)
  return asArrays(root as { [key: string]: Json })
}

/** Why typed text is not JSON, in one sentence; null when it is (or is empty). */
export function jsonProblem(typed: string): string | null {
  if (typed.trim() === '') return null
  try {
    JSON.parse(typed)
    return null
  } catch {
    return 'This is not valid JSON yet: check the quotes, commas and brackets.'
  }
}

/** JSON over several lines, as it is edited. */
export const prettyJson = (value: Json | undefined): string =>
  value === undefined || value === null ? '' : JSON.stringify(value, null, 2)

const CODE = /^[a-z][a-z\d]*([._][a-z][a-z\d]*)*$/

/** Whether a list holds nothing but codes, as in `["external_account", "individual.dob.day"]`: shown in words. */
export const isListOfCodes = (items: Json[]): items is string[] =>
  items.every((item) => typeof item === 'string' && CODE.test(item))

function parsed(value: Json): Json {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value) as Json
  } catch {
    return value
  }
}

function place(target: Params, path: string[], value: unknown): void {
  const [head = '', ...rest] = path
  const inner = Object.hasOwn(target, head) ? target[head] : undefined
  const nested = typeof inner === 'object' && inner !== null ? (inner as Params) : {}
  if (rest.length > 0) place(nested, rest, value)
  // defined, not assigned: a key named __proto__ must not reach Object.prototype
  const held = { value: rest.length > 0 ? nested : value, enumerable: true, configurable: true, writable: true }
  Object.defineProperty(target, head, held)
}

function asArrays(value: Json): Json {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value
  const entries = Object.entries(value).map(([key, item]) => [key, asArrays(item)] as const)
  const isList = entries.length > 0 && entries.every(([key], index) => key === String(index))
  return isList ? entries.map(([, item]) => item) : Object.fromEntries(entries)
}
