import { invalid } from '../../core/errors.ts'
import { fieldLabel, modelLabel, plural } from '../../core/labels.ts'
import { modelOf } from '../../core/schema.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { type Subject, erasable, rowsOf } from './anonymise.ts'
import { refuseOpenBusiness } from './open-business.ts'
import { personalIn } from '../../core/personal-data.ts'
import { termsOf } from './terms.ts'

/** What anonymising somebody would do, for whoever asks for it and whoever agrees. */
export interface Foretold {
  readonly goes: readonly string[]
  readonly stays: readonly string[]
  /** What they should know besides. */
  readonly notes: readonly string[]
}

/** @throws AppError Conflict while anything of theirs is open · Invalid for a reason that names them */
export async function foretell(work: UnitOfWork, subject: Subject, reason: string): Promise<Foretold> {
  const { name, person, rows, keptSignIn } = await erasable(work, subject)
  await refuseOpenBusiness(work, { person, rows, name })
  const { terms, shared } = await termsOf(work, person)
  if ([name, ...terms].some((term) => reason.toLowerCase().includes(term.toLowerCase())))
    throw invalid('Say why without naming the person: the reason stays in the audit log.', 'reason')
  const emptied = rowsOf(person, rows).filter(({ columns, ids = [] }) => columns.length > 0 && ids.length > 0)
  const own = person.map(({ model }) => {
    const { identity, personal } = personalIn(modelOf(model))
    return `${modelLabel(model)}: ${[...identity, ...personal].map((column) => fieldLabel(column).toLowerCase()).join(', ')}`
  })
  const words = emptied.filter(({ model }) => READ.has(model))
  const points = await pointsOf(work, rows.get('Trip') ?? [])
  return {
    goes: [
      ...own,
      ...(words.length > 0
        ? [
            `the words, places and names in ${words.map(({ model, ids = [] }) => counted(model, ids.length)).join(', ')}`,
          ]
        : []),
      ...(points > 0 ? [`${points.toLocaleString('en')} GPS position${points === 1 ? '' : 's'}`] : []),
      'what the audit log says of all that, and every text elsewhere that names them in full',
    ],
    stays: [
      'times, prices, states and amounts',
      ...STAYING.flatMap((model) => {
        const count = rows.get(model)?.length ?? 0
        return count > 0 ? [counted(model, count)] : []
      }),
    ],
    notes: [
      ...(keptSignIn ? ['Their sign-in also opens another school and stays as it is.'] : []),
      ...(shared.length > 0
        ? [
            `Somebody else here has the same ${shared.length === 1 ? 'name, address or number' : 'names, addresses or numbers'}: texts that are not about this person stay, even where they name them.`,
          ]
        : []),
    ],
  }
}

/** What a manager knows; events and calls of the program that go with it are not counted here. */
const READ = new Set([
  'Booking',
  'Lesson',
  'Incident',
  'Message',
  'Consent',
  'StudentGuardian',
  'Refund',
  'Dispute',
  'InstructorCredential',
  'AvailabilityException',
  'SavedView',
])

const STAYING = ['Booking', 'Lesson', 'Payment', 'Refund', 'Payout']

const counted = (model: string, count: number): string => {
  const label = modelLabel(model).toLowerCase()
  return `${count.toLocaleString('en')} ${count === 1 ? label : plural(label)}`
}

async function pointsOf({ orgId, tx }: UnitOfWork, tripIds: readonly string[]): Promise<number> {
  return tripIds.length === 0 ? 0 : await tx.tripPoint.count({ where: { orgId, tripId: { in: [...tripIds] } } })
}

/** As the form shows it before it asks. */
export const inWords = ({ goes, stays, notes }: Foretold): string =>
  [`Goes: ${goes.join('; ')}.`, `Stays: ${stays.join(', ')}.`, ...notes].join('\n')
