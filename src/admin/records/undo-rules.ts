import { type PanelRole, may } from '../../core/permissions.ts'
import { modelOf } from '../../core/schema.ts'

/** Why changes of a model are never undone, whoever asks; undefined when they are. */
export function neverUndone(model: string): string | undefined {
  if (modelOf(model).area === 'finance') return 'Money is never undone: it is paid back or reversed.'
  if (model === 'Booking' || model === 'Lesson')
    return 'Bookings and lessons are never undone: they are moved, cancelled or corrected by their own actions.'
  return undefined
}

export const isUndoable = (role: PanelRole, model: string): boolean => !neverUndone(model) && may(role, 'edit', model)
