import { createPanel } from '../admin/panel.ts'
import { createApp } from '../http/app.ts'
import { listen, type Listening } from '../http/listen.ts'
import type { WebParts } from './services.ts'

/** Builds the web application and listens. Throws a Problem when the port cannot be had. */
export async function startWeb(parts: WebParts): Promise<Listening> {
  const panel = await createPanel(parts)
  return listen(createApp({ ...parts, panel }), parts.config)
}
