import { readdirSync } from 'node:fs'
import { ComponentLoader } from 'adminjs'
import { root } from '../../core/root.ts'

/**
 * The browser's components, found by file name: `views/properties/Money.tsx` is registered as "Money",
 * `views/overrides/Application.tsx` replaces AdminJS's component of that name.
 */
export function loadComponents(): ComponentLoader {
  const loader = new ComponentLoader()
  for (const name of namesIn('properties')) loader.add(name, root('views/properties', name))
  for (const name of namesIn('overrides')) loader.override(name, root('views/overrides', name))
  return loader
}

function namesIn(folder: string): string[] {
  return readdirSync(root('views', folder))
    .filter((file) => file.endsWith('.tsx'))
    .map((file) => file.slice(0, -'.tsx'.length))
    .toSorted()
}
