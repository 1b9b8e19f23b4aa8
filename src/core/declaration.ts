import type { Prisma } from '@prisma/client'
import type { Format } from './formats.ts'
import type { PanelRole } from './permissions.ts'
import type { UnitOfWork } from './unit-of-work.ts'

/** A record's stored values, typed by the schema. Decimals come as text, instants as Date. */
export type Scalars<M extends Prisma.ModelName> = Prisma.TypeMap['model'][M]['payload']['scalars']
type Relations<M extends Prisma.ModelName> = Prisma.TypeMap['model'][M]['payload']['objects']

export type FieldName<M extends Prisma.ModelName> = keyof Scalars<M> & string
export type RelationName<M extends Prisma.ModelName> = keyof Relations<M> & string
/** A column of the model, or of a record it refers to: `student.fullName`. */
export type Path<M extends Prisma.ModelName> =
  | FieldName<M>
  | {
      [R in RelationName<M>]: NonNullable<Relations<M>[R]> extends { scalars: infer S }
        ? `${R}.${keyof S & string}`
        : never
    }[RelationName<M>]
/** Relations to many: the records that refer to this one. */
export type ManyName<M extends Prisma.ModelName> = {
  [R in RelationName<M>]: Relations<M>[R] extends readonly unknown[] ? R : never
}[RelationName<M>]
/** Relations to one record. */
export type OneName<M extends Prisma.ModelName> = Exclude<RelationName<M>, ManyName<M>>

type FieldsOf<M extends Prisma.ModelName, T> = {
  [K in FieldName<M>]: NonNullable<Scalars<M>[K]> extends T ? K : never
}[FieldName<M>]
/** Numbers, amounts, days and instants. */
export type RangeField<M extends Prisma.ModelName> = FieldsOf<M, number | bigint | Date | Prisma.Decimal>
/** Columns of few words: enums and codes. */
export type ChoiceField<M extends Prisma.ModelName> = FieldsOf<M, string>
/** Columns that may be empty. */
export type NullableField<M extends Prisma.ModelName> = {
  [K in FieldName<M>]: null extends Scalars<M>[K] ? K : never
}[FieldName<M>]

/** Words that the panel knows: names of models, of roles, of what the audit log records. */
export type Vocabulary = 'models' | 'roles' | 'auditActions'

/** What the list offers to filter by. What is not named is not offered, and is refused when it is asked for. */
export interface Filters<M extends Prisma.ModelName> {
  /** From and to. */
  readonly range?: readonly RangeField<M>[]
  /** One or several values. */
  readonly multi?: readonly ChoiceField<M>[]
  /** Yes or no. */
  readonly flag?: readonly FieldsOf<M, boolean>[]
  /** Empty, or not. */
  readonly null?: readonly NullableField<M>[]
  /** A record that it refers to. */
  readonly relation?: readonly OneName<M>[]
  /** Text in any of these columns: without case, accents or order of the words mattering. */
  readonly search?: readonly Path<M>[]
}

/** A tab of the list: the records whose columns have one of these values. */
export interface Scope<M extends Prisma.ModelName> {
  readonly where: { readonly [K in FieldName<M>]?: Scalars<M>[K] | readonly Scalars<M>[K][] }
  /** Show how many there are. */
  readonly count?: boolean
}

/** Who may do what with a column, beyond the rights on its model. */
export interface FieldRights<M extends Prisma.ModelName> {
  /** Only these roles see it; for the others it does not exist. Default: everybody who sees the model. */
  readonly read?: readonly PanelRole[]
  /** Only these roles change it. Default: everybody who may edit the model. */
  readonly write?: readonly PanelRole[]
  /** These roles see only the end of it, and cannot filter, sort or search by it: `•••• 123`. */
  readonly mask?: readonly PanelRole[]
  /** Why nobody may change it in a record as it is now, in a sentence; false when it may be changed. */
  lockedWhen?(record: Scalars<M>): string | false
  /** The same where its own columns do not tell: a function of the database that says yes or no to its row. */
  readonly lockedBy?: { readonly asks: string; readonly because: string }
}

/** Records that refer to this one, shown in it as a list with its own pages. */
export interface Related {
  readonly label?: string
  /** Columns; default those of the model's own list, without the one that is the same in all rows. */
  readonly list?: readonly string[]
}

/** A booking that a change of something else concerns. */
export interface Concern {
  readonly id: string
  /** "Mia Khan, Tue 24 Nov, 15:30". */
  readonly title: string
  /** What it means for that booking. */
  readonly why: string
}

/** What is shown, and confirmed, before a change is saved that does something to bookings that are there already. */
export interface Warning<M extends Prisma.ModelName> {
  /**
   * How bookings stand to these records. Asked twice, as if the change were not made and as if it were: what is only in the
   * second answer is what the change does.
   */
  concerns(work: UnitOfWork, records: readonly Scalars<M>[]): Promise<Concern[]>
  /** "3 lessons that are booked no longer fit these hours." */
  sentence(count: number): string
}

/** Part of somebody's time that a record takes: no other may take it too. */
export interface Taken {
  /** In the words of a sentence: "student". */
  readonly what: string
  readonly id: string
  readonly from: Date
  readonly to: Date
}

/** How rows of a file become records where they are not simply written down: by an operation of the domain. */
export interface Maker<M extends Prisma.ModelName> {
  /** What every row says; the operation knows the rest. */
  readonly needs: readonly FieldName<M>[]
  /** Choices that a row may name, where they are not all that there are. */
  readonly choices?: { readonly [K in ChoiceField<M>]?: readonly Scalars<M>[K][] }
  /** What people should know before they choose a file, in sentences. */
  readonly note: string
  /** In a transaction of its own, with the row. @throws AppError with the reason why this row becomes no record */
  make(work: UnitOfWork, row: Partial<Scalars<M>>): Promise<Scalars<M>>
  /** So that rows of one file that exclude each other are told before any is written. */
  takes(record: Scalars<M>): readonly Taken[]
}

/** What a file may bring. */
export interface Import<M extends Prisma.ModelName> {
  readonly columns: readonly FieldName<M>[]
  /** Columns that tell whether a record is there already. */
  readonly match?: readonly FieldName<M>[]
  /** Default: rows are written as they are, in the columns that forms write. */
  readonly maker?: Maker<NoInfer<M>>
}

/** What a model's screen says beyond the defaults that are generated from the schema. Functions only at the leaves. */
export interface Declaration<M extends Prisma.ModelName = Prisma.ModelName> {
  readonly model: M
  /** In the navigation and above the list: "Rate cards". */
  readonly label?: string
  /** One of them: "Rate card". */
  readonly singular?: string
  /** The columns whose values, joined by " · ", name a record wherever it is referred to. */
  readonly title?: readonly Path<M>[]
  /** Eight to twelve columns of the list: fields, relations and columns of relations, in order. */
  readonly list?: readonly (Path<M> | OneName<M>)[]
  /** The first order of the list; a column that an index leads to inside a school. */
  readonly sort?: { readonly by: FieldName<M>; readonly direction: 'asc' | 'desc' }
  readonly filters?: Filters<M>
  /** Also found by the search in the top bar, in the columns of `filters.search` and by the end of its id. */
  readonly findable?: boolean
  /** Tabs above the list, by their words, in order. */
  readonly scopes?: Readonly<Record<string, Scope<M>>>
  /** The only fields that a form may change, for models that operations move. Default: every plain field. */
  readonly write?: readonly FieldName<M>[]
  readonly fields?: { readonly [K in FieldName<M>]?: FieldRights<M> }
  /** Columns whose text follows a rule: what forms and files bring is held against it. */
  readonly formats?: { readonly [K in ChoiceField<M>]?: Format }
  /** The record's fields in groups, by their words, in order; what is in none comes last under "More". */
  readonly tabs?: Readonly<Record<string, readonly (FieldName<M> | OneName<M>)[]>>
  readonly related?: { readonly [R in ManyName<M>]?: Related }
  /** Columns beside the title that say how the record stands. Default: `status`. */
  readonly badges?: readonly ChoiceField<M>[]
  /** Where else to look, by words; null where there is nothing. */
  readonly links?: Readonly<Record<string, (record: Scalars<M>) => string | null>>
  /**
   * A new record in one sentence, where consequences are told: "No-show is marked on Tue 24 Nov, 11:30"; null where it only
   * repeats what is told already.
   */
  readonly says?: (record: Scalars<M>, when: (instant: Date) => string) => string | null
  /** Bookings that a new, changed or deleted record would concern: they are shown before it is saved. */
  readonly warns?: Warning<NoInfer<M>>
  /** Default: no import. */
  readonly import?: Import<M>
  /** Components of views/properties by their file's name, where a value is shown or asked for in a way of its own. */
  readonly components?: { readonly [K in FieldName<M>]?: { readonly show?: string; readonly edit?: string } }
  /** Labels where the column's name says it badly. */
  readonly labels?: { readonly [K in Path<M> | RelationName<M>]?: string }
  /** Words for values that are codes: days of the week, statuses kept as text, names of models. */
  readonly values?: { readonly [K in FieldName<M>]?: Readonly<Record<string, string>> | Vocabulary }
}

/** Declares the screen of `model`; an unknown column, relation or role does not compile. */
export function resource<const M extends Prisma.ModelName>(
  model: M,
  declaration: Omit<Declaration<M>, 'model'>,
): Declaration<M> {
  return { model, ...declaration }
}
