import { action, z } from '../core/action.ts'
import { enqueue } from '../core/jobs.ts'
import { answerDispute, isAnswerable } from '../domain/disputes/answer-dispute.ts'
import { writeEvidence } from '../domain/disputes/write-evidence.ts'
import { answerDispute as sendAnswer } from '../stripe/errands.ts'

/** What the school has to say goes to the bank, once: the facts of the lesson are added by themselves. */
export default action('dispute.submit-evidence', {
  model: 'Dispute',
  on: 'record',
  may: ['owner', 'finance'],
  label: 'Submit evidence',
  icon: 'Send',
  reauth: true,
  form: z.object({
    uncategorizedText: z.string().trim().min(20).max(20_000).meta({
      label: 'What happened',
      kind: 'longText',
      help: 'For the bank: who took the lesson, when and where, and what was agreed. The evidence pack holds the facts.',
    }),
    productDescription: z
      .string()
      .trim()
      .max(5_000)
      .optional()
      .meta({ label: 'What was sold', help: 'Left empty: the lesson as it was booked' }),
    serviceDate: z
      .string()
      .trim()
      .max(200)
      .optional()
      .meta({ label: 'Date of the service', help: 'Left empty: the day of the lesson' }),
    refundRefusal: z.string().trim().max(5_000).optional().meta({ label: 'Why it was not refunded', kind: 'longText' }),
  }),
  when: isAnswerable,
  confirm: () => 'Send this to the learner’s bank? It can be sent once, and not changed afterwards.',
  run: async (work, { record, input }) => {
    const evidence = await writeEvidence(work, record, input)
    await answerDispute(work, record.id, { answer: 'evidence', evidence })
    await enqueue(work, sendAnswer, { disputeId: record.id })
    return 'The evidence is on its way to the bank; the dispute shows as under review in a moment.'
  },
})
