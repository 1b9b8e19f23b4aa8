import React from 'react'
import { pathOf, type PropertyProps } from '../types.ts'
import { Field } from './Field.tsx'

type InputProps = Omit<React.InputHTMLAttributes<HTMLInputElement>, 'value' | 'onChange'>

interface TextInputProps extends PropertyProps {
  hint?: string
  input?: InputProps
}

/** A one-line field whose value is stored as it is typed. */
export function TextInput({ hint, input, ...props }: TextInputProps) {
  const path = pathOf(props.property)
  const value = props.record?.params[path]
  return (
    <Field {...props} {...(hint ? { hint } : {})}>
      {(control) => (
        <input
          type="text"
          className="input"
          autoComplete="off"
          {...input}
          {...control}
          value={value === null || value === undefined ? '' : String(value)}
          onChange={(event) => props.onChange?.(path, event.target.value)}
        />
      )}
    </Field>
  )
}

/** A filter by words that the value contains. */
export function TextFilter(props: PropertyProps) {
  const path = pathOf(props.property)
  return (
    <Field {...props}>
      {(control) => (
        <input
          type="search"
          className="input"
          autoComplete="off"
          {...control}
          value={props.filter?.[path] ?? ''}
          onChange={(event) => props.onChange?.(path, event.target.value)}
        />
      )}
    </Field>
  )
}

interface ParsedInputProps extends PropertyProps {
  /** What the field shows for the stored value. */
  format: (value: number) => string
  /** The stored value of what was typed; null when it cannot be read. */
  parse: (typed: string) => number | null
  before?: string
  after?: string
}

/**
 * A field typed in one form and stored as a number in another (money as cents, per cent as basis points).
 * What cannot be read is kept and sent as typed, so that the server's answer appears beside it. Empty stays empty.
 */
export function ParsedInput({ format, parse, before, after, ...props }: ParsedInputProps) {
  const path = pathOf(props.property)
  const stored = props.record?.params[path]
  const shown = typeof stored === 'number' ? format(stored) : String(stored ?? '')
  const [typed, setTyped] = React.useState<string | null>(null)
  const change = (text: string) => {
    setTyped(text)
    props.onChange?.(path, text.trim() === '' ? null : (parse(text) ?? text))
  }
  return (
    <Field {...props}>
      {(control) => (
        <span className="input-affixed">
          {before ? <span className="affix">{before}</span> : null}
          <input
            className="input input-number"
            type="text"
            inputMode="decimal"
            autoComplete="off"
            {...control}
            value={typed ?? shown}
            onChange={(event) => change(event.target.value)}
            onBlur={() => setTyped(null)}
          />
          {after ? <span className="affix affix-after">{after}</span> : null}
        </span>
      )}
    </Field>
  )
}

interface ParsedRangeInputProps {
  id: string
  value: string
  onChange: (value: string) => void
  format: (value: number) => string
  parse: (typed: string) => number | null
}

/** One end of a range, typed like a `ParsedInput`. */
export function ParsedRangeInput({ id, value, onChange, format, parse }: ParsedRangeInputProps) {
  const [typed, setTyped] = React.useState<string | null>(null)
  const shown = /^-?\d+$/.test(value) ? format(Number(value)) : value
  return (
    <input
      id={id}
      className="input input-number"
      type="text"
      inputMode="decimal"
      autoComplete="off"
      value={typed ?? shown}
      onChange={(event) => {
        setTyped(event.target.value)
        onChange(event.target.value.trim() === '' ? '' : String(parse(event.target.value) ?? event.target.value))
      }}
      onBlur={() => setTyped(null)}
    />
  )
}
