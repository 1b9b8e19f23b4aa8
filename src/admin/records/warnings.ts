import { hash } from 'node:crypto'
import type { Context } from '../../core/context.ts'
import type { Transaction } from '../../core/db.ts'
import type { Concern, Warning } from '../../core/declaration.ts'
import { AppError } from '../../core/errors.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { type View, delegate, told } from './records.ts'

/** What a change would do to bookings that are there already, as a question. */
export interface Asked {
  /** "3 lessons that are booked no longer fit these hours." */
  readonly sentence: string
  readonly total: number
  /** The first of them. */
  readonly shown: readonly { readonly title: string; readonly why: string; readonly href: string }[]
  /** What to send along to say that all of them were seen. */
  readonly agreed: string
}

/** Nothing is saved: first somebody has to see whom it concerns. */
export class Unconfirmed extends AppError {
  readonly asked: Asked

  constructor(asked: Asked) {
    super('Conflict', asked.sentence, { code: 'unconfirmed' })
    this.asked = asked
  }
}

/** The field of a form that says which warning was seen. */
export const AGREED = 'warning.agreed'

interface Change {
  /** The records as they are, by id; none for one that is new. */
  readonly ids: readonly string[]
  /** Makes the change. @returns the ids of records that are there only then */
  readonly make: (tx: Transaction) => Promise<readonly string[]>
  /** What the person has seen and agreed to. */
  readonly agreed: unknown
}

/**
 * Tries a change in a transaction that is taken back, and looks what it does to bookings that are there already.
 * @throws Unconfirmed when that is more, or other, than was agreed to
 */
export async function warn(ctx: Context, view: View, { agreed, ...change }: Change): Promise<void> {
  const asked = await lookAhead(ctx, view, change).catch((error: unknown) => {
    // what cannot be done is refused when it is saved, which also names the field
    if (error instanceof AppError) return null
    throw error
  })
  if (asked && asked.agreed !== agreed) throw new Unconfirmed(asked)
}

/** What deleting records would do to bookings that are there already; null when it does nothing. */
export const lookAtDeletion = (ctx: Context, view: View, ids: readonly string[]): Promise<Asked | null> =>
  lookAhead(ctx, view, { ids, make: (tx) => deleted(ctx, view, { tx, ids }) })

/** Deletes in a rehearsal. */
export async function deleted(
  ctx: Context,
  view: View,
  { tx, ids }: { tx: Transaction; ids: readonly string[] },
): Promise<[]> {
  await delegate(tx, view).deleteMany({ where: { id: { in: ids }, orgId: ctx.orgId } })
  return []
}

async function lookAhead(ctx: Context, view: View, change: Omit<Change, 'agreed'>): Promise<Asked | null> {
  const { warns } = view.screen
  if (!warns) return null
  const concerns = await told(rehearsed(ctx, view, { ...change, warns }))
  return concerns.length > 0 ? question(concerns, warns) : null
}

interface Rehearsal extends Omit<Change, 'agreed'> {
  readonly warns: Warning<never>
}

/** Carries the answer out of a transaction that must not be kept. */
class TakenBack extends Error {
  readonly concerns: Concern[]

  constructor(concerns: Concern[]) {
    super('taken back')
    this.concerns = concerns
  }
}

async function rehearsed(ctx: Context, view: View, { ids, make, warns }: Rehearsal): Promise<Concern[]> {
  try {
    return await ctx.db.transaction(ctx, async (tx) => {
      const work = { ...ctx, tx }
      const read = (wanted: readonly string[]) =>
        delegate(tx, view).findMany({ where: { id: { in: wanted } } }) as Promise<never[]>
      const records = await read(ids)
      const trial = async () => {
        const made = await make(tx)
        // a record may leave one instructor and come to another: both are looked at, without the change and with it
        records.push(...(await read([...ids, ...made])))
      }
      throw new TakenBack(await concernsOf(work, { warns, records }, trial))
    })
  } catch (error) {
    if (error instanceof TakenBack) return error.concerns
    throw error
  }
}

interface About {
  readonly warns: Warning<never>
  /** Whose change it is; read when the change is made. */
  readonly records: readonly never[]
}

/** Makes a change and takes it back. @returns what it does to bookings that are there already */
export async function concernsOf(
  work: UnitOfWork,
  { warns, records }: About,
  make: () => Promise<void>,
): Promise<Concern[]> {
  await work.tx.$executeRaw`SAVEPOINT rehearsal`
  await make()
  const after = await warns.concerns(work, records)
  await work.tx.$executeRaw`ROLLBACK TO SAVEPOINT rehearsal`
  const known = new Set((await warns.concerns(work, records)).map(keyOf))
  return after.filter((concern) => !known.has(keyOf(concern)))
}

const keyOf = ({ id, why }: Concern): string => `${id} ${why}`

const SHOWN = 20

/** Also for a change that has a screen of its own. */
export function question(concerns: readonly Concern[], { sentence }: Pick<Warning<never>, 'sentence'>): Asked {
  return {
    sentence: sentence(concerns.length),
    total: concerns.length,
    shown: concerns.slice(0, SHOWN).map(({ id, title, why }) => ({
      title,
      why,
      href: `/admin/resources/Booking/records/${id}/show`,
    })),
    agreed: hash('sha256', concerns.map(keyOf).join('\n'), 'hex').slice(0, 32),
  }
}
