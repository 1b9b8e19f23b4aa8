const DOTS = '••••'
const SHOWN = 3
// of a shorter value its end would be most of it
const SHORTEST_SHOWN = 7

/** `•••• 123`: enough to tell one from another, not enough to use it. */
export function masked(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null
  const characters = Array.from(String(value))
  return characters.length < SHORTEST_SHOWN ? DOTS : `${DOTS} ${characters.slice(-SHOWN).join('')}`
}
