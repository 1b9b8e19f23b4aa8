import type { Context } from '../../core/context.ts'
import { noteLater } from '../../domain/audit/note-later.ts'
import { people } from '../../core/personal-data.ts'
import type { View } from './records.ts'

const arePeople = new Set<string>(people)

/** Somebody has opened the record of a person: the audit log says so, a moment later and without what it says. */
export function noteViewed(ctx: Context, { screen }: View, id: string): void {
  const model = screen.model.name
  if (arePeople.has(model)) noteLater(ctx, { action: 'personal-data.viewed', model, id: id.toLowerCase(), details: {} })
}

/** A list with people in it was read; which of their columns is not said, for all of it is theirs. */
export function noteListed(ctx: Context, { screen }: View, shown: number): void {
  const model = screen.model.name
  if (shown > 0 && arePeople.has(model))
    noteLater(ctx, { action: 'personal-data.viewed', model, id: null, details: { as: 'list' } })
}
