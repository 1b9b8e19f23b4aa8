import { z } from 'zod'
import { action } from '../core/action.ts'
import { recordConsent } from '../domain/people/record-consent.ts'

const kinds = {
  minor_lessons: 'Lessons under the age of 18',
  gps_tracking: 'Tracking of trips',
  marketing: 'Marketing',
  terms: 'Terms',
} as const

/** Writes down that a learner or a guardian agreed or withdrew; the latest word counts. */
export default action('consent.record', {
  model: 'Student',
  on: 'record',
  may: ['owner', 'admin', 'manager'],
  label: 'Record consent',
  icon: 'FileText',
  form: z.object({
    kind: z.enum(['minor_lessons', 'gps_tracking', 'marketing', 'terms']).meta({ label: 'What for', values: kinds }),
    granted: z.boolean().default(true).meta({ label: 'Agreed', help: 'No records that it is withdrawn' }),
    guardianId: z.uuid().optional().meta({ label: 'Given by', references: 'Guardian', help: 'Empty: the learner' }),
    method: z.string().trim().min(3).max(100).meta({ label: 'How', help: 'For example signature or e-mail' }),
    documentVer: z.string().trim().min(1).max(40).meta({ label: 'Version of the text' }),
    expiresAt: z.date().optional().meta({ label: 'Ends', help: 'Empty: until it is withdrawn' }),
  }),
  confirm: ({ title, input }) =>
    `Record that ${title} ${input.granted ? 'agrees to' : 'withdraws the consent to'}: ${kinds[input.kind].toLowerCase()}?`,
  run: async (work, { record, input }) => {
    const { guardianId = null, expiresAt = null, ...given } = input
    await recordConsent(work, record, { ...given, guardianId, expiresAt })
    return input.granted
      ? `The consent of ${record.fullName} is recorded.`
      : `The withdrawal of ${record.fullName} is recorded.`
  },
})
