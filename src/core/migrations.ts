import { readFileSync, readdirSync } from 'node:fs'
import { root } from './root.ts'

let all: string | undefined

/** The SQL of every migration: what it says of the database that the schema file cannot. Read once. */
export function migrationSql(): string {
  all ??= readdirSync(root('prisma/migrations'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => readFileSync(root('prisma/migrations', name, 'migration.sql'), 'utf8'))
    .join('\n')
  return all
}
