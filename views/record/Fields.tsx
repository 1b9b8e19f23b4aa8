import React from 'react'
import { isWide } from '../kinds.ts'
import { Property } from '../Property.tsx'
import { pathOf, type BasePropertyJSON, type PropertyJSON, type PropertyProps } from '../types.ts'

interface FieldsProps extends Required<Pick<PropertyProps, 'resource' | 'record' | 'onChange'>> {
  properties: readonly (PropertyJSON | BasePropertyJSON)[]
}

/** The fields of a form, as many beside each other as there is room for; long texts take the whole width. */
export function Fields({ properties, ...rest }: FieldsProps) {
  return (
    <div className="fields">
      {properties.map((property) => (
        <div key={pathOf(property)} className={isWide(property) ? 'field-place field-wide' : 'field-place'}>
          <Property where="edit" property={property} {...rest} />
        </div>
      ))}
    </div>
  )
}

/** Leads to what is wrong with a form: the first field, or else the sentence about all of it. */
export function showProblem(form: HTMLFormElement | null): void {
  const control = form?.querySelector<HTMLElement>('.field-wrong :is(input, select, textarea), .action-password input')
  control?.focus()
  const seen = control?.closest('.field') ?? form?.querySelector('.problem')
  seen?.scrollIntoView({ block: 'center' })
}
