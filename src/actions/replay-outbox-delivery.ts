import { action, MOST_RECORDS, z } from '../core/action.ts'
import { conflict, invalid } from '../core/errors.ts'
import { valueLabel } from '../core/labels.ts'
import { redeliver } from '../core/outbox/redeliver.ts'
import { topics } from '../core/topics.ts'

const names = Object.keys(topics)
const words = Object.fromEntries(names.map((topic) => [topic, valueLabel(topic)]))
const counted = (count: number): string => (count === 1 ? 'One delivery is' : `${count} deliveries are`)

/** Has the events of a time delivered once more, in their order. The preview is the dry run: it says how many. */
export default action('outbox-delivery.replay', {
  model: 'OutboxDelivery',
  on: 'resource',
  may: ['owner', 'compliance'],
  label: 'Replay events',
  icon: 'Rewind',
  danger: true,
  form: z.object({
    topic: z.enum(names).meta({ label: 'Event', values: words }),
    from: z.date().meta({ label: 'Happened from' }),
    to: z.date().meta({ label: 'Happened until' }),
    handler: z
      .string()
      .trim()
      .max(100)
      .optional()
      .meta({ label: 'Handler', help: 'As the list names it. Empty: all that had it delivered' }),
    reason: z.string().trim().min(3).max(2000).meta({ label: 'Reason', help: 'Kept in the audit log' }),
  }),
  confirm: ({ count }) => `Do ${count === 1 ? 'one delivery' : `${count} deliveries`} once more?`,
  run: async (work, { input: { topic, from, to, handler } }) => {
    if (from >= to) throw invalid('This is not after the beginning.', 'to')
    const over = await work.tx.outboxDelivery.findMany({
      where: {
        orgId: work.orgId,
        status: { in: ['done', 'dead', 'skipped'] },
        outbox: { topic, createdAt: { gte: from, lt: to } },
        ...(handler ? { handler } : {}),
      },
      select: { id: true },
      orderBy: { id: 'asc' },
      take: MOST_RECORDS + 1,
    })
    if (over.length === 0) throw conflict('No such event was delivered in this time.')
    if (over.length > MOST_RECORDS)
      throw invalid(`These are more than ${MOST_RECORDS} deliveries. Choose a shorter time.`, 'to')
    const count = await redeliver(
      work,
      over.map(({ id }) => id),
    )
    return `${counted(count)} done once more.`
  },
})
