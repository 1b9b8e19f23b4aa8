import type { State } from './state.ts'

/** Puts the object in the place of its id: `latest_charge.balance_transaction`, `data.source`. What is no id stays as it is. */
export function expand<T extends object>(state: State, object: T, paths: readonly string[]): T {
  const whole = structuredClone(object)
  for (const path of paths) fill(state, whole, path.split('.'))
  return whole
}

function fill(state: State, at: unknown, [name, ...rest]: readonly string[]): void {
  if (name === undefined || typeof at !== 'object' || at === null) return
  if (Array.isArray(at)) {
    for (const one of at) fill(state, one, [name, ...rest])
    return
  }
  const branch = at as Record<string, unknown>
  const value = branch[name]
  if (typeof value === 'string') {
    const found = state.anything(value)
    if (found) branch[name] = structuredClone(found)
  }
  // the items of a list are meant by the list's name
  if (Array.isArray(branch[name])) for (const one of branch[name]) fill(state, one, rest)
  else fill(state, branch[name], rest)
}
