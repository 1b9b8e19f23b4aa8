import { type Handler, retryLimitOf } from '../handlers.ts'
import { deadQueueOf } from '../queues.ts'
import type { Desk } from './deliver.ts'
import { finish } from './finish.ts'
import type { Ticket } from './lines.ts'

/** Why a delivery was given up whose worker could say nothing more. */
export const KILLED = 'Its worker ended in the middle of the last attempt.'

/** Hears of deliveries whose last attempt failed, or whose worker was killed at it and could say nothing. */
export async function openGraveyard(desk: Desk): Promise<void> {
  const options = { pollingIntervalSeconds: 0.5, notifyPollingIntervalSeconds: 1 } as const
  await desk.boss.work<Ticket>(deadQueueOf(desk.handler.name), options, async ([dead]) => {
    if (dead) await bury(desk, dead.data)
  })
}

/** Gives a delivery up, so that somebody sees it; the later ones of its line go on when the handler says so. */
async function bury({ db, boss, handler, handlers }: Desk, { deliveryId, generation }: Ticket): Promise<void> {
  await db.asWorker(async (query) => {
    const { rows } = await query(
      `SELECT attempts, "lastError" FROM "OutboxDelivery"
        WHERE id = $1 AND generation = $2 AND status = 'queued' FOR UPDATE`,
      [deliveryId, generation],
    )
    const [found] = rows as Dying[]
    if (!found) return
    const ending = { deliveryId, generation, status: 'dead', ...lastWords(handler, found) } as const
    await finish({ executeSql: query }, boss, { endings: [ending], handlers })
  })
}

interface Dying {
  readonly attempts: number
  readonly lastError: string | null
}

/** An attempt that failed has said why; one that was killed is missing from the count. */
function lastWords(handler: Handler, { attempts, lastError }: Dying): { attempts: number; error: string } {
  const all = retryLimitOf(handler) + 1
  if (attempts === all && lastError !== null) return { attempts, error: lastError }
  return { attempts: all, error: lastError === null ? KILLED : `${KILLED} The one before it: ${lastError}` }
}
