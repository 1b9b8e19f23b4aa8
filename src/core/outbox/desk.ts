import type { JobResult } from 'pg-boss'
import { ClaimLost, deliver, type Desk, FailedTogether, MOST_BEHIND, type Taken } from './deliver.ts'

/** Deliveries that one worker takes at a time. */
const BATCH = 20

/** Takes the deliveries to one handler from its queue, `concurrency` batches at the same time. */
export async function openDesk(
  desk: Desk,
  { concurrency, onError }: { concurrency: number; onError: (error: Error) => void },
): Promise<void> {
  const options = {
    batchSize: BATCH,
    burstWhenBatchFull: true,
    perJobResults: true,
    includeMetadata: true,
    localConcurrency: concurrency,
    pollingIntervalSeconds: 0.5,
    notifyPollingIntervalSeconds: 1,
  } as const
  await desk.boss.work(desk.handler.name, options, async (taken: Taken[]): Promise<JobResult[]> => {
    const bySchool = [...Map.groupBy(taken, ({ data }) => data.orgId).values()]
    const results: JobResult[] = []
    for (const ofSchool of bySchool) results.push(...(await deliverAll({ ...desk, onError }, ofSchool)))
    return results
  })
}

type Told = Desk & { readonly onError: (error: Error) => void }

/** Together, with what waits behind them; when one of them fails, each by itself, so that it fails alone. */
async function deliverAll(desk: Told, taken: readonly Taken[]): Promise<JobResult[]> {
  const results: JobResult[] = []
  let together = true
  while (results.length < taken.length) {
    const rest = taken.slice(results.length)
    const [job] = rest as [Taken]
    try {
      const delivered = await (together ? deliver(desk, rest, MOST_BEHIND) : deliver(desk, [job], 0))
      results.push(...rest.slice(0, delivered).map(({ id }) => ({ id, status: 'completed' as const })))
    } catch (error) {
      if (error instanceof FailedTogether) together = false
      else results.push(await failed(desk, job, error))
    }
  }
  return results
}

async function failed(desk: Told, job: Taken, error: unknown): Promise<JobResult> {
  if (!(error instanceof ClaimLost)) await noteFailure(desk, job, error)
  return { id: job.id, status: 'failed', output: { message: messageOf(error) } }
}

async function noteFailure({ db, handler, onError }: Told, { data, retryCount }: Taken, error: unknown): Promise<void> {
  const attempt = retryCount + 1
  onError(new Error(`${handler.name} failed on delivery ${data.deliveryId} in attempt ${attempt}`, { cause: error }))
  await db
    .workerQuery(
      `UPDATE "OutboxDelivery" SET attempts = $3, "lastError" = $4, "updatedAt" = clock_timestamp()
        WHERE id = $1 AND generation = $2 AND status = 'queued'`,
      [data.deliveryId, data.generation, attempt, messageOf(error)],
    )
    .catch(onError)
}

const LONGEST = 500

/** What went wrong, in the one line that says it: Prisma tells the code around it first. */
function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return (text.trim().split('\n').at(-1) ?? '').slice(0, LONGEST)
}
