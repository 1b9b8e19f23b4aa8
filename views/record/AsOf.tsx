import React, { useState } from 'react'
import { useSearchParams } from 'react-router-dom'
import { useLabels } from '../labels.ts'
import { useLoad } from '../load.ts'
import { Icon } from '../parts/Icon.tsx'
import { asOfApi } from '../paths.ts'
import { useSchool } from '../session.ts'
import type { BasePropertyJSON, RecordJSON, ResourceJSON } from '../types.ts'
import { wallTime, zoneCity } from '../zone.ts'

interface Answer {
  record: RecordJSON
  /** "Tue 24 Nov, 15:30". */
  at: string
  changed: string[]
  unknown: string[]
}

interface Past {
  /** The time in the address, as the clock on the school's wall shows it; null for now. */
  at: string | null
  answer: Answer | null
  error: Error | null
  record: RecordJSON | null
  changed: string[]
}

/** The record as it was at the time that the address names. */
export function useAsOf(resource: ResourceJSON, record: RecordJSON): Past {
  const [query] = useSearchParams()
  const at = query.get('at')
  const { data, error } = useLoad<Answer | null>(at ? asOfApi(resource.id, record.id, at) : null)
  const answer = at && !error ? data : null
  return { at, answer, error: at ? error : null, record: answer?.record ?? null, changed: answer?.changed ?? [] }
}

interface AsOfBannerProps {
  past: Past
  resource: ResourceJSON
  /** What is shown below. */
  shown: BasePropertyJSON[]
}

/** Says that this is not how the record is now, what differs, and leads back. */
export function AsOfBanner({ past, resource, shown }: AsOfBannerProps) {
  const labels = useLabels()
  const [query, setQuery] = useSearchParams()
  const { answer, error } = past
  const named = (properties: BasePropertyJSON[], paths: string[] = []) =>
    properties
      .filter(({ propertyPath }) => paths.includes(propertyPath))
      .map((property) => labels.property(property))
      .join(', ')
  const changed = named(resource.showProperties, past.changed)
  const unknown = named(shown, answer?.unknown)
  const back = () => {
    query.delete('at')
    setQuery(query, { replace: true })
  }
  return (
    <div className={error ? 'as-of-banner as-of-problem' : 'as-of-banner'} role="status">
      <Icon name={error ? 'AlertCircle' : 'Clock'} />
      <div>
        {error ? <p>{error.message} This is how it is now.</p> : null}
        {!error && !answer ? <p>Looking it up…</p> : null}
        {answer ? (
          <>
            <p>
              <strong>As it was on {answer.at}.</strong>{' '}
              {changed ? `Changed since: ${changed}.` : 'Nothing has changed since.'}
            </p>
            {unknown ? <p>As it is now, because its changes are not recorded: {unknown}.</p> : null}
          </>
        ) : null}
      </div>
      <button type="button" className="button" onClick={back}>
        Back to now
      </button>
    </div>
  )
}

/** Asks for a day and a time to look back to. */
export function AsOfForm() {
  const { timeZone } = useSchool()
  const [query, setQuery] = useSearchParams()
  const [typed, setTyped] = useState('')
  const [latest] = useState(() => wallTime(new Date().toISOString(), timeZone))
  return (
    <form
      className="as-of"
      onSubmit={(event) => {
        event.preventDefault()
        if (typed === '') return
        query.set('at', typed)
        setQuery(query)
      }}
    >
      <label htmlFor="as-of">How it was at</label>
      <input
        id="as-of"
        type="datetime-local"
        className="input"
        max={latest}
        value={typed}
        aria-describedby="as-of-zone"
        onChange={(event) => setTyped(event.target.value)}
      />
      <button type="submit" className="button" aria-disabled={typed === ''}>
        Look back
      </button>
      <span id="as-of-zone" className="muted">
        Time in {zoneCity(timeZone)}
      </span>
    </form>
  )
}
