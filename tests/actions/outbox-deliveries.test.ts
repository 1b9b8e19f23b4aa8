import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Desk,
  bulkAction,
  confirmed,
  openDesk,
  preview,
  recordAction,
  resourceAction,
} from '../support/actions.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

const LONG_AGO = new Date('2026-03-02T01:00:00Z')

async function delivery(status: string, topic = 'booking.completed', at = LONG_AGO): Promise<string> {
  const about = { aggregateId: randomUUID(), aggregateVersion: 1 }
  const event = {
    topic,
    aggregateType: 'Booking',
    ...about,
    payload: '{}',
    availableAt: at,
    createdAt: at,
    relayedAt: at,
  }
  const { id: outboxId } = await desk.harbour.add('Outbox', event)
  const { id } = await desk.harbour.add('OutboxDelivery', {
    outboxId,
    handler: 'people.tell',
    ...about,
    status,
    finishedAt: at,
    createdAt: at,
  })
  return id
}
const stateOf = async (id: string) =>
  (
    await desk.harbour.run(
      `SELECT d.status::text, d.generation, e."processedAt" IS NOT NULL AS processed, e."deadAt" IS NOT NULL AS dead
         FROM "OutboxDelivery" d JOIN "Outbox" e ON e.id = d."outboxId" WHERE d.id = $1`,
      [id],
    )
  )[0]

describe('what was given up', () => {
  it('is tried again, several at once, by owner or compliance alone', async () => {
    const ids = [await delivery('dead'), await delivery('dead')]
    const path = bulkAction('OutboxDelivery', ids, 'retry')
    expect((await (await desk.as('admin'))(path)).status).toBe(404)
    const shown = await preview(await desk.as('owner'), path)
    expect(shown.preview).toMatchObject({ question: 'Deliver 2 events once more?', messages: [] })
    expect(await confirmed(await desk.as('owner'), path)).toMatchObject({ state: 'done' })
    for (const id of ids)
      expect(await stateOf(id)).toEqual({ status: 'waiting', generation: 1, processed: false, dead: false })
    expect(await preview(await desk.as('owner'), path)).toMatchObject({ state: 'refused' })
  })

  it('is skipped with a reason, and the event then counts as handled', async () => {
    const id = await delivery('dead')
    const path = recordAction('OutboxDelivery', id, 'skip')
    const compliance = await desk.as('compliance')
    expect(await preview(compliance, path)).toMatchObject({
      state: 'invalid',
      errors: { reason: expect.any(String) as string },
    })
    expect(await confirmed(compliance, path, { reason: 'The school is gone' })).toMatchObject({ state: 'done' })
    expect(await stateOf(id)).toEqual({ status: 'skipped', generation: 0, processed: true, dead: false })
  })

  it('is not skipped when it is not given up', async () => {
    const path = recordAction('OutboxDelivery', await delivery('done'), 'skip')
    expect(await preview(await desk.as('owner'), path, { reason: 'Because' })).toMatchObject({
      message: 'Only what was given up can be skipped.',
    })
  })
})

describe('events of a time', () => {
  const path = resourceAction('OutboxDelivery', 'replay')
  const march = {
    topic: 'booking.no_show',
    from: '2026-03-01T00:00',
    to: '2026-04-01T00:00',
    reason: 'A wrong template',
  }

  it('are replayed after a dry run that says how many', async () => {
    const within = [await delivery('done', march.topic), await delivery('skipped', march.topic)]
    const others = [
      await delivery('waiting', march.topic),
      await delivery('done', 'booking.requested'),
      await delivery('done', march.topic, new Date('2026-05-02T01:00:00Z')),
    ]
    const compliance = await desk.as('compliance')
    const shown = await preview(compliance, path, march)
    expect(shown.preview.question).toBe('Do 2 deliveries once more?')
    expect(await stateOf(within[0]!)).toMatchObject({ status: 'done', generation: 0 })
    expect(await confirmed(compliance, path, march)).toMatchObject({ message: '2 deliveries are done once more.' })
    for (const id of within) expect(await stateOf(id)).toMatchObject({ status: 'waiting', generation: 1 })
    for (const id of others) expect(await stateOf(id)).toMatchObject({ generation: 0 })
  })

  it('that nobody was told of cannot be replayed', async () => {
    const owner = await desk.as('owner')
    const nothing = { ...march, handler: 'nobody.listens' }
    expect(await preview(owner, path, nothing)).toMatchObject({ message: 'No such event was delivered in this time.' })
    expect(await preview(owner, path, { ...march, to: march.from })).toMatchObject({ state: 'invalid' })
  })
})
