import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import express from 'express'
import { type Config, localAddress } from '../config.ts'
import { listen } from '../http/listen.ts'
import { explainFileError } from '../postgres/problem.ts'

/** The settings with all that the web server needs settled. */
export type WebConfig = Config & { readonly sessionSecret: string }

/**
 * Settles the session secret (in the demo one is made up once and kept) and, for port 0, which port it is.
 * Throws a Problem when another program has the port: asked here, before anything else is started.
 */
export async function settle(config: Config): Promise<WebConfig> {
  const probe = await listen(express(), config)
  await probe.close()
  const { host, port } = config
  const appUrl = config.appUrl === localAddress(host, port) ? localAddress(host, probe.port) : config.appUrl
  return { ...config, port: probe.port, appUrl, sessionSecret: settledSecret(config) }
}

/** What signs sessions: the setting, or in the demo what was made up at the first start. */
export const settledSecret = ({ sessionSecret, dataDir }: Config): string => sessionSecret ?? keptSecret(dataDir)

function keptSecret(dataDir: string): string {
  const file = join(dataDir, 'session-secret')
  try {
    mkdirSync(dataDir, { recursive: true })
    if (!existsSync(file)) writeFileSync(file, randomBytes(48).toString('base64url'), { mode: 0o600 })
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw explainFileError(error, dataDir)
  }
}
