import type { Prisma } from '@prisma/client'
import type { z } from 'zod'
import type { Context } from './context.ts'
import type { Scalars } from './declaration.ts'
import type { PanelRole } from './permissions.ts'
import type { UnitOfWork } from './unit-of-work.ts'

/** For the forms of actions. */
export { z } from 'zod'

/** What an action works with, beside who acts and their transaction. The first argument of every run. */
export interface Work extends UnitOfWork {
  /** Says how far a long action is; shown to whoever waits for it. No effect in others. */
  readonly progress: (done: number, of: number) => Promise<void>
  /** Does what a waiting run asks for, now that the person who acts has agreed to it. */
  readonly carryOut: (run: Scalars<'ActionRun'>) => Promise<void>
}

/** What came of it, for the person who did it; `open` leads to a record. */
export interface Outcome {
  readonly message: string
  readonly open?: { readonly model: Prisma.ModelName; readonly id: string }
  /** Told once, to who did it: it is kept nowhere, and a second press does not see it. Not for what waits or takes long. */
  readonly secret?: { readonly label: string; readonly value: string; readonly help: string }
}

type Input<F> = F extends z.ZodObject ? z.output<F> : Record<string, never>

/** What happens to one record (`record`), to one or several at once (`bulk`), or without one (`resource`). */
export type Target = 'record' | 'bulk' | 'resource'

/** Who asks whether something can be done. */
export type Who = Pick<Context, 'userId' | 'role'> & Partial<Pick<Context, 'actorKind'>>

/** What a form field is asked for as, where its zod type does not tell. */
export interface FieldMeta {
  readonly label?: string
  readonly help?: string
  /** `money` is typed in dollars and arrives in cents, `percent` is typed as 12.5 and arrives in basis points. */
  readonly kind?: 'money' | 'percent' | 'longText' | 'datetime'
  /** The field holds the id of such a record of the school. */
  readonly references?: Prisma.ModelName
  /** Words for the values of a choice. */
  readonly values?: Readonly<Record<string, string>>
}

interface Run<M extends Prisma.ModelName, F> {
  /** The record it is done to; with `bulk` each of them in turn, with `resource` none. Locked until the end. */
  readonly record: Scalars<M>
  readonly input: Input<F>
  /** The same for every attempt of one press of the button. */
  readonly key: string
}

/** One thing that people do, beyond editing: its facts, and `run`. Names no screen: the panel makes one from it. */
export interface Action<
  M extends Prisma.ModelName = Prisma.ModelName,
  F extends z.ZodObject | undefined = z.ZodObject | undefined,
> {
  /** Permission, audit verb and address: `student.archive`. */
  readonly name: string
  readonly model: M
  readonly on: Target
  /** Who may do it. Nobody else can, or learns that it exists. */
  readonly may: readonly PanelRole[]
  /** On the button: "Archive". */
  readonly label: string
  /** What the records are afterwards: "archived" makes "Mia Khan is archived." where `run` says nothing. */
  readonly done?: string
  /** One of the icons that AdminJS ships (Feather). */
  readonly icon?: string
  /** Fields to fill in, as zod knows them; `.meta({ … } satisfies FieldMeta)` says how they are asked for. */
  readonly form?: F
  /** Why it cannot be done to this record now, in a sentence; true when it can. Asked again once the record is locked. */
  when?(this: void, record: Scalars<M>, who: Who): true | string
  /** The question in words, naming amounts and people: "Archive Mia Khan?" */
  confirm?(facts: { readonly title: string; readonly count: number; readonly input: Input<F> }): string
  readonly danger?: boolean
  /** The password again, unless it was given in the last five minutes: for money. */
  readonly reauth?: boolean
  /** Somebody else of these roles must agree first; `when` says for which input (default: always). */
  readonly approval?: { readonly by: readonly PanelRole[]; when?(input: Input<F>): boolean }
  /** Runs in the worker, with its progress shown. More than 200 records at once always do. */
  readonly long?: boolean
  /** The most records at once; 5,000 when nothing is said. */
  readonly atMost?: number
  /**
   * Tried for the preview and rolled back, then done: what it does depends on nothing but the records, the input, the key
   * and `nowOf(work)`.
   * @throws AppError with a sentence when a rule forbids it: nothing of it happens then
   */
  run(work: Work, what: Run<M, F>): Promise<Outcome | string | void>
}

/** Records that one run may change, whatever the action says. */
export const MOST_RECORDS = 5_000

/** Declares an action on `model`; an unknown field, model or role does not compile. */
export function action<const M extends Prisma.ModelName, F extends z.ZodObject | undefined = undefined>(
  name: string,
  facts: Omit<Action<M, F>, 'name'>,
): Action<M, F> {
  return { name, ...facts }
}
