import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from '../../src/postgres/embedded.ts'
import { migrate } from '../../src/postgres/migrate.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The migrated, empty database `driveflow`, which tests clone and never change. */
    template: { superuserUrl: string; ownerUrl: string; appUrl: string }
  }
}

/** Starts PostgreSQL in a directory of its own and migrates it; every test database is a copy of that. */
export default async function start(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'driveflow-test-'))
  // as root the server runs as another user, who has to pass through
  chmodSync(dataDir, 0o711)
  const server = await startEmbedded({ dataDir, fsync: false, extraSettings: { max_connections: '200' } })
  const stop = async () => {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  try {
    const { superuserUrl, ownerUrl, appUrl } = server
    await migrate(ownerUrl, appUrl)
    project.provide('template', { superuserUrl, ownerUrl, appUrl })
    return stop
  } catch (error) {
    await stop()
    throw error
  }
}
