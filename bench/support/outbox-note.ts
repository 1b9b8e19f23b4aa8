import { handler } from '../../src/core/handlers.ts'
import type { UnitOfWork } from '../../src/core/unit-of-work.ts'

/** The effect that every peer leaves: one row, by one statement. */
export async function note({ tx }: Pick<UnitOfWork, 'tx'>, aggregate: string, version: number): Promise<void> {
  const begun = performance.timeOrigin + performance.now()
  await tx.$executeRaw`INSERT INTO effects (aggregate, version, begun) VALUES (${aggregate}, ${version}, ${begun})`
}

export const noting = handler('bench.note', {
  topics: ['booking.confirmed'],
  onDead: 'block',
  run: async (work, { recordId, version }) => await note(work, recordId, version),
})
