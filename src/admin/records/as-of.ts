import type { Context } from '../../core/context.ts'
import { invalid } from '../../core/errors.ts'
import { formatInstant } from '../../core/time.ts'
import { changeKindOf } from './changes.ts'
import { readOrDeleted } from './deleted.ts'
import type { View } from './records.ts'
import { type Values, rewound } from './rewound.ts'
import type { Row, School } from './selection.ts'

export interface AsOf {
  readonly row: Row
  /** Properties that said something else then. */
  readonly changed: readonly string[]
  /** Properties whose changes are not recorded: what they said then is not known. */
  readonly unknown: readonly string[]
}

interface Instant {
  readonly view: View
  /** What the role sees. */
  readonly views: ReadonlyMap<string, View>
  readonly id: string
  readonly at: Date
  readonly school: School
}

// written by the machine with every change, and left out of the audit log for that
const NEVER_AUDITED = new Set(['updatedAt', 'lastLoginAt', 'failedLogins', 'progressDone', 'progressTotal'])

/**
 * The record as it was: as it is now, or was when it was deleted, with every change since then taken back, newest first.
 * @throws AppError Invalid before the first entry of the audit log, and for a time to come
 */
export async function readAsOf(ctx: Context, instant: Instant): Promise<AsOf> {
  const { view, at, school } = instant
  if (at.getTime() > Date.now()) throw invalid('That time is still to come.', 'at')
  const { row: now, deleted } = await readOrDeleted(ctx, instant)
  if (deleted && at >= deleted.at) throw invalid(`${deleted.sentence} It was not there any more at that time.`, 'at')
  const { since, first } = await audited(ctx, instant)
  if (!first) throw invalid('No change of this record has been recorded, so only its present state is known.', 'at')
  if (at < first.at) {
    const beginning = formatInstant(first.at, school.timeZone)
    throw invalid(
      first.isCreation
        ? `This record was not there yet: it was added on ${beginning}.`
        : `What this record said before ${beginning} is not known: its changes are recorded from then on.`,
      'at',
    )
  }
  const was: Values = Object.assign({}, ...since)
  const changed = view.properties.filter((one) => Object.hasOwn(was, one.column))
  return {
    row: await rewound(ctx, { view, school, now }, new Map(changed.map((one) => [one, was[one.column]]))),
    changed: changed.map((one) => one.name),
    unknown: view.properties.filter((one) => NEVER_AUDITED.has(one.column)).map((one) => one.name),
  }
}

/** What each later change replaced, newest first, and when the record's log begins. */
async function audited(ctx: Context, { view, id, at }: Instant) {
  const about = `"orgId" = $1::uuid AND "entityType" = $2 AND "entityId" = $3`
  const values = [ctx.orgId, view.screen.model.name, id.toLowerCase()]
  const [later, earliest] = await ctx.db.select(ctx, [
    {
      text: `SELECT before, action FROM "AuditLog" WHERE ${about} AND "createdAt" > $4::timestamptz ORDER BY "createdAt" DESC, id DESC`,
      values: [...values, at.toISOString()],
    },
    {
      text: `SELECT "createdAt", action FROM "AuditLog" WHERE ${about} ORDER BY "createdAt", id LIMIT 1`,
      values,
    },
  ])
  const [begins, action] = (earliest![0] ?? []) as [Date?, string?]
  return {
    since: later!.filter(([, verb]) => changeKindOf(String(verb)) === 'edit').map(([before]) => before as Values),
    first: begins && { at: begins, isCreation: changeKindOf(action!) === 'new' },
  }
}
