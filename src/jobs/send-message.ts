import { z } from 'zod'
import type { Context } from '../core/context.ts'
import { job } from '../core/jobs.ts'
import type { UnitOfWork } from '../core/unit-of-work.ts'
import { letterOf, senderOf, type Sender, textMessageOf } from '../domain/messages/letter.ts'
import { type Delivery, finish, handOver, type Result, takeMessage } from '../domain/messages/send.ts'
import { sendMail } from '../services/mail.ts'
import { type Carriers, connectedCarriers } from '../services/messages.ts'

/** Sends one message. What it does is written down before and after: a second attempt goes on where the first one was. */
export default job('message.send', {
  data: z.object({ messageId: z.uuid() }),
  expireSeconds: 180,
  retryLimit: 5,
  run: async (ctx, { messageId }) => await deliver(ctx, messageId, connectedCarriers()),
})

/** Takes the message, hands it to its carrier outside of any transaction, and writes down what came of it. */
export async function deliver(ctx: Context, messageId: string, carriers: Carriers): Promise<void> {
  const inside = <T>(fn: (work: UnitOfWork) => Promise<T>) => ctx.db.transaction(ctx, (tx) => fn({ ...ctx, tx }))
  const taken = await inside(async (work) => {
    const delivery = await takeMessage(work, messageId)
    return delivery && { delivery, sender: await senderOf(work) }
  })
  if (!taken) return
  const { delivery, sender } = taken
  const result = await carry(delivery, { sender, carriers, mayGo: () => inside((work) => handOver(work, delivery)) })
  if (result) await inside((work) => finish(work, delivery, result))
}

interface Way {
  readonly sender: Sender
  readonly carriers: Carriers
  readonly mayGo: () => Promise<boolean>
}

/** @returns null when another worker has taken it over */
async function carry({ message }: Delivery, { sender, carriers, mayGo }: Way): Promise<Result | null> {
  const { channel } = message
  if (channel === 'email') {
    if (!carriers.smtpUrl) return notSent('no mail server is configured (SMTP_URL)')
    return await sendMail(carriers.smtpUrl, letterOf(message, sender, carriers), mayGo)
  }
  if (!carriers.text?.carries(channel))
    return notSent(
      channel === 'sms'
        ? 'no SMS provider is configured (TEXT_API_URL, SMS_FROM)'
        : 'no WhatsApp provider is configured (TEXT_API_URL, WHATSAPP_FROM)',
    )
  if (!(await mayGo())) return null
  return await carriers.text.send({ channel, ...textMessageOf(message, sender, carriers) })
}

const notSent = (why: string): Result => ({ outcome: 'not_sent', detail: `Not sent: ${why}. It is kept here only.` })
