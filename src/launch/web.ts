import { createPanel } from '../admin/panel.ts'
import { createApp } from '../http/app.ts'
import { Encryption } from '../http/encryption.ts'
import { SecondFactor } from '../http/second-factor.ts'
import { listen, type Listening } from '../http/listen.ts'
import { say } from './say.ts'
import type { WebParts } from './services.ts'

/** Whoever set up a second step under another key cannot sign in: said where the key is set. */
async function warnOfLostKey({ db, config }: WebParts): Promise<void> {
  const factor = new SecondFactor(db, new Encryption(config.encryptionKey ?? config.sessionSecret))
  if ((await factor.unreadable(1)).length > 0) say(LOST_KEY)
}

const LOST_KEY =
  'There are second steps that this ENCRYPTION_KEY (or SESSION_SECRET, where there is none) cannot read: their owners cannot ' +
  'sign in. Set the earlier one again, or run: npm run second-factor:reset -- --unreadable'

/** Builds the web application and listens. Throws a Problem when the port cannot be had. */
export async function startWeb(parts: WebParts): Promise<Listening> {
  const panel = await createPanel(parts)
  await warnOfLostKey(parts)
  return listen(createApp({ ...parts, panel }), parts.config)
}
