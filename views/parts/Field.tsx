import React from 'react'
import { useLabels } from '../labels.ts'
import { factsOf, pathOf, type PropertyProps } from '../types.ts'
import { Icon } from './Icon.tsx'

/** What ties an input to its label, its help and its error. Spread it on the input. */
export interface ControlProps {
  id: string
  name: string
  'aria-describedby'?: string
  'aria-invalid'?: true
  'aria-required'?: true
  disabled?: boolean
}

interface FieldProps extends Pick<PropertyProps, 'property' | 'record' | 'where'> {
  /** Said below the label, after the property's own help. */
  hint?: string
  /** A problem found while typing; the server's error comes first. */
  problem?: string | null
  children: (control: ControlProps) => React.ReactNode
}

/** A labelled field of a form or a filter, with its help and its error next to it. */
export function Field({ property, record, where, hint, problem, children }: FieldProps) {
  const labels = useLabels()
  const path = pathOf(property)
  const id = `${where}-${path}`
  const error = useFieldError(path, record)
  const ownHelp = where === 'edit' ? helpOf(property, labels.property(property)) : null
  const help = [ownHelp, hint].filter(Boolean).join(' ')
  const shown = error ?? problem ?? null
  const described = [help && `${id}-help`, shown && `${id}-error`].filter(Boolean).join(' ')
  const control: ControlProps = {
    id,
    name: path,
    ...(described ? { 'aria-describedby': described } : {}),
    ...(shown ? { 'aria-invalid': true } : {}),
    ...(property.isRequired && where === 'edit' ? { 'aria-required': true } : {}),
    ...(property.isDisabled && where === 'edit' ? { disabled: true } : {}),
  }
  return (
    <div className={shown ? 'field field-wrong' : 'field'} data-field={path}>
      <label htmlFor={id}>
        {labels.property(property)}
        <Required property={property} where={where} />
      </label>
      {children(control)}
      {help ? (
        <p className="field-help" id={`${id}-help`}>
          {help}
        </p>
      ) : null}
      <FieldError id={`${id}-error`} message={shown} />
    </div>
  )
}

/** Several inputs that answer one question: its label is the legend. */
export function FieldGroup({
  property,
  where,
  children,
}: Omit<FieldProps, 'children'> & { children: React.ReactNode }) {
  const labels = useLabels()
  return (
    <fieldset className="field" data-field={pathOf(property)}>
      <legend>
        {labels.property(property)}
        <Required property={property} where={where} />
      </legend>
      {children}
    </fieldset>
  )
}

export function FieldError({ id, message }: { id: string; message: string | null }) {
  if (!message) return null
  return (
    <p className="field-error" id={id}>
      <Icon name="AlertCircle" size={16} /> {message}
    </p>
  )
}

function Required({ property, where }: Pick<FieldProps, 'property' | 'where'>) {
  if (!property.isRequired || where !== 'edit') return null
  return <span className="required"> required</span>
}

/** What the panel says about a property, unless it only repeats the label. */
export function helpOf(property: PropertyProps['property'], label: string): string | null {
  const help = factsOf(property).help ?? property.description ?? ''
  return help && help.replace(/\.$/, '').toLowerCase() !== label.toLowerCase() ? help : null
}

function useFieldError(path: string, record: PropertyProps['record']): string | null {
  const labels = useLabels()
  const message = record?.errors?.[path]?.message
  return message ? labels.message(message) : null
}
