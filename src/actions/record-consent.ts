import { z } from 'zod'
import { action } from '../core/action.ts'
import { nowOf } from '../core/context.ts'
import { invalid } from '../core/errors.ts'

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
  run: async (work, { record: { id: studentId, fullName }, input }) => {
    const { orgId, userId, tx } = work
    const { guardianId = null, expiresAt = null, ...given } = input
    if (input.kind === 'minor_lessons' && guardianId === null)
      throw invalid('For lessons under the age of 18 a guardian agrees: choose who.', 'guardianId')
    if (guardianId !== null && !(await tx.studentGuardian.findFirst({ where: { studentId, guardianId } })))
      throw invalid(`This is no guardian of ${fullName}.`, 'guardianId')
    if (expiresAt !== null && expiresAt <= nowOf(work)) throw invalid('The end must be still to come.', 'expiresAt')
    const at = { effectiveAt: nowOf(work), recordedById: userId }
    await tx.consent.create({ data: { orgId, studentId, guardianId, expiresAt, ...given, ...at } })
    return input.granted ? `The consent of ${fullName} is recorded.` : `The withdrawal of ${fullName} is recorded.`
  },
})
