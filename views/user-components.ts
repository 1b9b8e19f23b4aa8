import type React from 'react'

/** A component of this project's bundle by its registered name; undefined when there is none. */
export function userComponent<P>(name: string | false | null | undefined): React.ComponentType<P> | undefined {
  if (!name) return undefined
  const { AdminJS } = window as unknown as { AdminJS: { UserComponents: Record<string, React.ComponentType<P>> } }
  return AdminJS.UserComponents[name]
}
