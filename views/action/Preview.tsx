import React from 'react'
import { formatNumber } from '../format.ts'
import { Badge } from '../parts/Badge.tsx'
import { Concerns } from '../record/Concerns.tsx'
import { Icon } from '../parts/Icon.tsx'
import type { Preview as PreviewJson, PreviewChange } from './types.ts'

interface PreviewProps {
  preview: PreviewJson | null
  looking: boolean
}

/** What would happen: changed records, money and messages. */
export function Preview({ preview, looking }: PreviewProps) {
  return (
    <section className={preview || looking ? 'preview' : 'sr-only'} aria-label="What will happen" aria-busy={looking}>
      <p className="preview-question" aria-live="polite">
        {preview ? preview.question : looking ? 'Working out what would happen…' : ''}
      </p>
      {preview ? <Consequences preview={preview} /> : null}
    </section>
  )
}

function Consequences({
  preview: { changes, more, money, messages, concerns, outcome, later, tried },
}: {
  preview: PreviewJson
}) {
  const isNothing = [changes, money, messages, later].every(({ length }) => length === 0)
  return (
    <>
      {tried ? (
        <p className="preview-note">
          Shown is what happens to the first {formatNumber(tried.first)} of {formatNumber(tried.of)}. All are done, or
          none.
        </p>
      ) : null}
      {money.length > 0 ? (
        <dl className="preview-money">
          {money.map(({ label, amount }) => (
            <div key={label + amount}>
              <dt>{label}</dt>
              <dd className="number">{amount}</dd>
            </div>
          ))}
        </dl>
      ) : null}
      {changes.length > 0 ? <Changes changes={changes} more={more} /> : null}
      {messages.length > 0 ? (
        <ul className="preview-messages">
          {messages.map((message, index) => (
            <li key={index}>
              <Icon name="Mail" size={16} /> {message}
            </li>
          ))}
        </ul>
      ) : null}
      {concerns ? (
        <>
          <p className="preview-note">{concerns.sentence}</p>
          <Concerns asked={concerns} />
        </>
      ) : null}
      {later.length > 0 ? (
        <ul className="preview-messages" aria-label="Later, by itself">
          {later.map((sentence) => (
            <li key={sentence}>
              <Icon name="Clock" size={16} /> {sentence}
            </li>
          ))}
        </ul>
      ) : null}
      {outcome ? <Foretold outcome={outcome} /> : null}
      {isNothing && !tellsAll(outcome) ? <p className="preview-note">No record that you see changes.</p> : null}
    </>
  )
}

/** An action that says line by line what it will do has said all of it. */
const tellsAll = (outcome: string | null): boolean => outcome?.includes('\n') ?? false

function Foretold({ outcome }: { outcome: string }) {
  if (!tellsAll(outcome)) return <p className="preview-note">Afterwards it says: {outcome}</p>
  return outcome.split('\n').map((line) => (
    <p key={line} className="preview-note">
      {line}
    </p>
  ))
}

function Changes({ changes, more }: { changes: PreviewChange[]; more: number }) {
  return (
    // what scrolls can be reached by the keyboard
    <div className="preview-changes" role="group" aria-label="Records that change" tabIndex={0}>
      <ul>
        {changes.map((change, index) => (
          <li key={index}>
            <ChangedRecord change={change} />
          </li>
        ))}
      </ul>
      {more > 0 ? <p className="preview-note">and {formatNumber(more)} more</p> : null}
    </div>
  )
}

const kinds = { new: ['success', 'New'], edit: ['info', 'Changed'], delete: ['danger', 'Deleted'] } as const

function ChangedRecord({ change: { singular, title, kind, fields } }: { change: PreviewChange }) {
  const [tone, word] = kinds[kind]
  return (
    <>
      <div className="preview-record">
        <span>
          <span className="muted">{singular}</span> <strong>{title}</strong>
        </span>
        <Badge tone={tone}>{word}</Badge>
      </div>
      {kind === 'delete' ? null : (
        <ul className="preview-fields">
          {fields.map(({ property, label, before, after }) => (
            <li key={property}>
              <span className="muted">{label}</span>{' '}
              {kind === 'edit' ? (
                <>
                  <del>{before ?? 'empty'}</del> <Icon name="ArrowRight" size={14} />
                  <span className="sr-only">becomes</span>{' '}
                </>
              ) : null}
              <ins>{after ?? 'empty'}</ins>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
