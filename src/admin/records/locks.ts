import { AppError, InvalidForm } from '../../core/errors.ts'
import type { Property } from '../screen.ts'
import type { Stored } from './stored.ts'

/** Why fields of a record cannot be changed now, by property. */
export type Locked = Readonly<Record<string, string>>

/** Whether some record may ever lock it. */
export const isLockable = ({ lockedWhen, lockedBy }: Property): boolean =>
  lockedWhen !== undefined || lockedBy !== undefined

/** @param known functions of the database that have said yes to the record */
export function lockedIn(properties: readonly Property[], stored: Stored, known: ReadonlySet<string> = NONE): Locked {
  return Object.fromEntries(
    properties.flatMap(({ name, lockedWhen, lockedBy }) => {
      const sentence = lockedWhen?.(stored) || (lockedBy && known.has(lockedBy.asks) && lockedBy.because)
      return sentence ? [[name, sentence] as const] : []
    }),
  )
}

const NONE: ReadonlySet<string> = new Set()

/** @throws InvalidForm with the sentence of each field that is locked */
export function refuseLocked(changed: Iterable<Property>, locked: Locked | undefined): void {
  const wrong = [...changed].flatMap(({ name }) => {
    const sentence = locked?.[name]
    return sentence === undefined ? [] : [new AppError('Conflict', sentence, { code: 'locked', field: name })]
  })
  if (wrong.length > 0) throw new InvalidForm(wrong)
}
