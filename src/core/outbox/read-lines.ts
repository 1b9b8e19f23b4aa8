import type { readEvent } from '../events.ts'
import type { Handler } from '../handlers.ts'
import type { UnitOfWork } from '../unit-of-work.ts'

/** A delivery and its event. */
export interface Delivery {
  readonly deliveryId: string
  readonly status: string
  readonly generation: number
  readonly event: Parameters<typeof readEvent>[0] & { readonly actor: unknown }
}

/** @param behind how many that wait behind each in its line are wanted too */
interface Wanted {
  readonly ids: readonly string[]
  readonly handler: Handler
  readonly behind: number
}

/** What there is to deliver in one school. */
export interface Lines {
  /** Whether the school is neither suspended nor closed. */
  readonly isOpen: boolean
  /** By the id of the first, in their order. */
  readonly deliveries: Map<string, readonly Delivery[]>
}

/** Deliveries by their ids, each with those behind it that could follow it. */
export async function readLines({ tx }: UnitOfWork, { ids, handler, behind }: Wanted): Promise<Lines> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT * FROM outbox_read(${ids}::uuid[], ${behind}::int, ${handler.onDead === 'block'}::bool)`
  const lines = [...Map.groupBy(rows, ({ first }) => first)]
  return {
    isOpen: rows.every(({ isOpen }) => isOpen),
    deliveries: new Map(lines.map(([id, line]) => [id, line.map(deliveryIn)])),
  }
}

type Row = Delivery['event'] & Omit<Delivery, 'event'> & { readonly first: string; readonly isOpen: boolean }

const deliveryIn = ({ deliveryId, status, generation, ...event }: Row): Delivery => ({
  deliveryId,
  status,
  generation,
  event,
})
