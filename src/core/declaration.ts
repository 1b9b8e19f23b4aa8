import type { Prisma } from '@prisma/client'
import type { PanelRole } from './permissions.ts'

type Scalars<M extends Prisma.ModelName> = Prisma.TypeMap['model'][M]['payload']['scalars']
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

/** Words that the panel knows: names of models, of roles, of what the audit log records. */
export type Vocabulary = 'models' | 'roles' | 'auditActions'

/** What a model's screen says beyond the defaults that are generated from the schema. Data only. */
export interface Declaration<M extends Prisma.ModelName = Prisma.ModelName> {
  readonly model: M
  /** In the navigation and above the list: "Rate cards". */
  readonly label?: string
  /** One of them: "Rate card". */
  readonly singular?: string
  /** The columns whose values, joined by " · ", name a record wherever it is referred to. */
  readonly title?: readonly Path<M>[]
  /** Eight to twelve columns of the list: fields and relations, in order. */
  readonly list?: readonly (FieldName<M> | RelationName<M>)[]
  /** The first order of the list; a column that an index leads to inside a school. */
  readonly sort?: { readonly by: FieldName<M>; readonly direction: 'asc' | 'desc' }
  /** The only fields that a form may change, for models that operations move. Default: every plain field. */
  readonly write?: readonly FieldName<M>[]
  /** Fields that only some roles see. */
  readonly fields?: { readonly [K in FieldName<M>]?: { readonly read: readonly PanelRole[] } }
  /** Labels where the column's name says it badly. */
  readonly labels?: { readonly [K in FieldName<M> | RelationName<M>]?: string }
  /** Words for values that are codes: days of the week, statuses kept as text, names of models. */
  readonly values?: { readonly [K in FieldName<M>]?: Readonly<Record<string, string>> | Vocabulary }
}

/** Declares the screen of `model`; an unknown column, relation or role does not compile. */
export function resource<M extends Prisma.ModelName>(
  model: M,
  declaration: Omit<Declaration<M>, 'model'>,
): Declaration<M> {
  return { model, ...declaration }
}
