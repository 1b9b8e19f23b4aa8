import { action, z } from '../core/action.ts'
import { isMinor } from '../domain/availability/learner.ts'
import { addGuardian } from '../domain/people/add-guardian.ts'
import { recordConsent } from '../domain/people/record-consent.ts'

const text = (longest: number) => z.string().trim().min(2).max(longest).optional()

/** All that a minor needs before the first lesson, at once: who answers for them, and what they agree to. */
export default action('student.add-guardian', {
  model: 'Student',
  on: 'record',
  may: ['owner', 'admin', 'manager'],
  label: 'Guardian and consent',
  icon: 'Users',
  form: z.object({
    guardianId: z.uuid().optional().meta({
      label: 'Known guardian',
      references: 'Guardian',
      help: 'Of a brother or sister, for example. Empty: somebody new',
    }),
    fullName: text(200).meta({ label: 'Name', help: 'Of a new guardian' }),
    phone: text(40).meta({ label: 'Phone' }),
    email: z.email().max(200).optional().meta({ label: 'E-mail' }),
    relation: text(60).meta({ label: 'Relation', help: 'For example mother or uncle' }),
    isBilling: z.boolean().default(true).meta({ label: 'Pays', help: 'Gets what is said about lessons and money' }),
    isEmergency: z.boolean().default(true).meta({ label: 'Emergency contact' }),
    lessons: z.boolean().default(true).meta({ label: 'Agrees to the lessons', help: 'Needed under the age of 18' }),
    tracking: z.boolean().default(false).meta({ label: 'Agrees that trips are recorded' }),
    method: z
      .string()
      .trim()
      .min(3)
      .max(100)
      .meta({ label: 'How they agreed', help: 'For example signature or e-mail' }),
    documentVer: z.string().trim().min(1).max(40).meta({ label: 'Version of the text' }),
  }),
  when: ({ dob, fullName }) =>
    dob === null ||
    isMinor(dob, new Date().toISOString().slice(0, 10)) ||
    `${fullName} is an adult, and agrees themselves.`,
  confirm: ({ title, input }) =>
    `Add ${input.fullName ?? 'this guardian'} to ${title}${input.lessons ? ', and record the consent' : ''}?`,
  run: async (work, { record, input }) => {
    const { lessons, tracking, method, documentVer, ...asked } = input
    const guardian = await addGuardian(work, record.id, asked)
    const given = { granted: true, guardianId: guardian.id, method, documentVer, expiresAt: null }
    if (lessons) await recordConsent(work, record, { kind: 'minor_lessons', ...given })
    if (tracking) await recordConsent(work, record, { kind: 'gps_tracking', ...given })
    return lessons
      ? `${guardian.fullName} answers for ${record.fullName}, and the consent is recorded: lessons can be booked.`
      : `${guardian.fullName} answers for ${record.fullName}. Lessons can be booked once the consent is recorded.`
  },
})
