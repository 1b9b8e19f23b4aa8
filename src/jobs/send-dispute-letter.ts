import { z } from 'zod'
import { loadConfig } from '../config.ts'
import type { Context } from '../core/context.ts'
import { job } from '../core/jobs.ts'
import { formatMoney } from '../core/money.ts'
import { formatInstant } from '../core/time.ts'
import { sendMail } from '../services/mail.ts'
import { officeMail } from '../services/office-mail.ts'

/** One letter to one person; its id is the same in every attempt. Without a mail server the screens alone tell. */
export default job('dispute-letter.send', {
  data: z.object({
    disputeId: z.uuid(),
    userId: z.uuid(),
    topic: z.enum(['dispute.opened', 'dispute.closed']),
  }),
  expireSeconds: 180,
  retryLimit: 5,
  run: async (ctx, { disputeId, userId, topic }) => {
    const { smtpUrl, mailFrom: from, appUrl } = loadConfig()
    const facts = smtpUrl ? await read(ctx, disputeId, userId) : null
    if (!smtpUrl || !facts) return
    const { to, ...told } = facts
    const address = `${appUrl}/admin/resources/Dispute/records/${disputeId}/show`
    const mail = officeMail({ from, to, ...letter(topic, { ...told, address }) })
    const host = mail.messageId.split('@')[1]
    const sent = await sendMail(
      smtpUrl,
      { ...mail, messageId: `<${topic}.${disputeId}.${userId}@${host}` },
      async () => true,
    )
    if (sent?.outcome !== 'accepted') throw new Error(`The mail server did not take the letter: ${sent?.detail ?? ''}`)
  },
})

interface Told {
  readonly school: string
  readonly amount: string
  readonly status: string
  readonly until: string | null
  readonly address: string
}

function letter(topic: string, { school, amount, status, until, address }: Told) {
  if (topic === 'dispute.closed') {
    const outcome = { won: 'The money is back with the school.', lost: 'The bank keeps the money.' }[status]
    return {
      subject: `${school}: a dispute over ${amount} has ended`,
      paragraphs: [
        `The learner’s bank has decided a dispute over ${amount}. ${outcome ?? 'No money was taken.'}`,
        status === 'lost'
          ? 'If the instructor was paid already, taking that part back waits for your decision.'
          : 'Payouts that waited for it go on.',
        address,
      ],
    }
  }
  const due = until ? `Answer it until ${until}: afterwards it is lost.` : 'Answer it soon.'
  return {
    subject: `${school}: a bank disputes ${amount}`,
    paragraphs: [
      status === 'warning'
        ? `A learner’s bank asks about a payment of ${amount}. It has not taken the money yet.`
        : `A learner’s bank disputes a payment of ${amount} and has taken the money until it decides.`,
      `${due} The evidence pack of the dispute has everything that is known about the lesson. The instructor’s payout waits.`,
      address,
    ],
  }
}

async function read(ctx: Context, disputeId: string, userId: string) {
  const { orgId } = ctx
  return await ctx.db.read(ctx, async (client) => {
    const dispute = await client.dispute.findFirst({ where: { id: disputeId, orgId }, include: { org: true } })
    const user = await client.user.findFirst({ where: { id: userId, disabledAt: null }, select: { email: true } })
    if (!dispute || !user) return null
    const { org, amountCents, currency, status, evidenceDueBy } = dispute
    return {
      to: user.email,
      school: org.name,
      amount: formatMoney(amountCents, currency),
      status,
      until: evidenceDueBy && formatInstant(evidenceDueBy, org.timeZone),
    }
  })
}
