import { AppError, InvalidForm } from '../../core/errors.ts'
import type { Property } from '../screen.ts'
import type { Stored } from './stored.ts'

/** Why fields of a record cannot be changed now, by property. */
export type Locked = Readonly<Record<string, string>>

export function lockedIn(properties: readonly Property[], stored: Stored): Locked {
  return Object.fromEntries(
    properties.flatMap((property) => {
      const sentence = property.lockedWhen?.(stored)
      return sentence ? [[property.name, sentence] as const] : []
    }),
  )
}

/** @throws InvalidForm with the sentence of each field that is locked */
export function refuseLocked(changed: Iterable<Property>, locked: Locked | undefined): void {
  const wrong = [...changed].flatMap(({ name }) => {
    const sentence = locked?.[name]
    return sentence === undefined ? [] : [new AppError('Conflict', sentence, { code: 'locked', field: name })]
  })
  if (wrong.length > 0) throw new InvalidForm(wrong)
}
