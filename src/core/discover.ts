import { readdirSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { root } from './root.ts'

/** The folder is the registry: the default export of every file in `src/<folder>`, in the order of the file names. */
export async function discover<T>(folder: 'resources' | 'actions' | 'jobs'): Promise<{ file: string; value: T }[]> {
  const files = readdirSync(root('src', folder))
    .filter((file) => file.endsWith('.ts'))
    .sort()
  return await Promise.all(
    files.map(async (file) => {
      const module = (await import(pathToFileURL(root('src', folder, file)).href)) as { default?: T }
      if (module.default === undefined) throw new Error(`src/${folder}/${file} has no default export`)
      return { file, value: module.default }
    }),
  )
}
