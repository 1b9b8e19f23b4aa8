import React from 'react'
import { pathOf, type PropertyProps } from '../types.ts'
import { FieldGroup } from './Field.tsx'

interface RangeProps extends PropertyProps {
  /** One end of the range. The value is what the address of the list holds; '' is open. */
  input: (end: { id: string; value: string; onChange: (value: string) => void }) => React.ReactNode
  words?: [from: string, to: string]
}

/** A filter with two ends, either of which may stay open. */
export function RangeFilter({ input, words = ['From', 'To'], ...props }: RangeProps) {
  const path = pathOf(props.property)
  return (
    <FieldGroup {...props}>
      <div className="range">
        {(['from', 'to'] as const).map((end, index) => {
          const key = `${path}~~${end}`
          const id = `filter-${path}-${end}`
          const value = props.filter?.[key] ?? ''
          return (
            <div key={end}>
              <label htmlFor={id} className="range-label">
                {words[index]}
              </label>
              {input({ id, value, onChange: (changed) => props.onChange?.(key, changed) })}
            </div>
          )
        })}
      </div>
    </FieldGroup>
  )
}
