import React from 'react'
import { useLabels } from '../labels.ts'
import { pathOf, type PropertyProps } from '../types.ts'
import { Icon } from './Icon.tsx'

interface LockedFieldProps extends Pick<PropertyProps, 'property'> {
  /** Why it cannot be changed now. */
  because: string
  /** The value, to be read. */
  children: React.ReactNode
}

/** A field of a form that cannot be changed in this record, as it is now: its value, and why. */
export function LockedField({ property, because, children }: LockedFieldProps) {
  const labels = useLabels()
  const path = pathOf(property)
  const id = `edit-${path}`
  return (
    <div className="field field-locked" data-field={path} id={id} role="group" aria-labelledby={`${id}-label`}>
      <span className="label" id={`${id}-label`}>
        {labels.property(property)}
      </span>
      <div className="locked-value">{children}</div>
      <p className="field-help">
        <Icon name="Lock" size={16} /> {because}
      </p>
    </div>
  )
}
