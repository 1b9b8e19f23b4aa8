import React, { useRef } from 'react'
import { Field } from '../parts/Field.tsx'
import { Letter } from '../parts/Letter.tsx'
import { useTemplatePreview } from '../parts/useTemplatePreview.ts'
import { pathOf, type PropertyProps } from '../types.ts'

/** The text of a template: written beside what its reader will see of an invented lesson. */
export default function TemplateBody(props: PropertyProps) {
  const { preview, problem } = useTemplatePreview(props.record?.params ?? {})
  const shown = (
    <section className="template-preview" aria-label="Preview with an invented lesson" aria-live="polite">
      <h3>Preview with an invented lesson</h3>
      {preview ? <Letter {...preview} /> : <p className="muted">{problem ?? 'Write a text to see it here.'}</p>}
    </section>
  )
  if (props.where !== 'edit') return <div className="template">{shown}</div>
  return (
    <div className="template">
      <Writing {...props} known={preview?.known ?? []} unknown={preview?.unknown ?? []} />
      {shown}
    </div>
  )
}

interface WritingProps extends PropertyProps {
  known: readonly { name: string; means: string }[]
  unknown: readonly string[]
}

function Writing({ known, unknown, ...props }: WritingProps) {
  const path = pathOf(props.property)
  const text = String(props.record?.params[path] ?? '')
  const area = useRef<HTMLTextAreaElement>(null)
  const insert = (name: string) => {
    const { selectionStart: from, selectionEnd: to } = area.current ?? {
      selectionStart: text.length,
      selectionEnd: text.length,
    }
    props.onChange?.(path, `${text.slice(0, from)}{{${name}}}${text.slice(to)}`)
    area.current?.focus()
  }
  const wrong =
    unknown.length > 0 ? `There is no ${unknown.map((name) => `{{${name}}}`).join(', ')} in this message.` : null
  return (
    <div>
      <Field {...props} problem={wrong} hint="A blank line begins a new paragraph.">
        {(control) => (
          <textarea
            ref={area}
            className="input textarea template-text"
            rows={12}
            {...control}
            value={text}
            onChange={(event) => props.onChange?.(path, event.target.value)}
          />
        )}
      </Field>
      {known.length > 0 ? (
        <div className="placeholders" role="group" aria-label="Put in">
          {known.map(({ name, means }) => (
            <button key={name} type="button" className="button button-small" title={means} onClick={() => insert(name)}>
              {`{{${name}}}`}
            </button>
          ))}
        </div>
      ) : null}
    </div>
  )
}
