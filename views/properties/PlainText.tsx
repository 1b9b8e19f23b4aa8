import React from 'react'
import { humanise, isUuid, shortId } from '../format.ts'
import { NoValue } from '../parts/Badge.tsx'
import { TextFilter, TextInput } from '../parts/TextInput.tsx'
import { pathOf, type PropertyProps } from '../types.ts'

/** `booking_reminder`: a word of the program, not of a person. */
const CODE = /^[a-z]+(_[a-z\d]+)+$/

/** A line of text. On a record, an e-mail address or a telephone number is there to be used. */
export default function PlainText(props: PropertyProps) {
  if (props.where === 'edit') return <TextInput {...props} />
  if (props.where === 'filter') return <TextFilter {...props} />
  const path = pathOf(props.property)
  const text = String(props.record?.params[path] ?? '')
  if (!text) return <NoValue />
  if (CODE.test(text)) return <span>{humanise(text)}</span>
  if (isUuid(text)) return <span className="muted">{shortId(text)}</span>
  const address = props.where === 'show' ? addressOf(path, text) : null
  return address ? <a href={address}>{text}</a> : <span title={text}>{text}</span>
}

function addressOf(path: string, text: string): string | null {
  if (/email/i.test(path) && /^\S+@\S+$/.test(text)) return `mailto:${text}`
  if (/phone/i.test(path) && /^[+\d][\d\s()-]+$/.test(text)) return `tel:${text.replace(/[^\d+]/g, '')}`
  return null
}
