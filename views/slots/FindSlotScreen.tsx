import React from 'react'
import { useSearchParams } from 'react-router-dom'
import { useNow } from '../board/clock.ts'
import type { Slots } from '../board/types.ts'
import { useBook } from '../board/useLessonAction.ts'
import { useLoad } from '../load.ts'
import { ErrorState } from '../parts/ErrorState.tsx'
import { Skeleton, State } from '../parts/State.tsx'
import { useSchool } from '../session.ts'
import { useTitleOfPage } from '../title.ts'
import { zoneCity } from '../zone.ts'
import { SlotDay } from './SlotDay.tsx'
import { SlotSearch } from './SlotSearch.tsx'

const PARAMETERS = ['service', 'instructor', 'transmission', 'location', 'from', 'to']

/** From a call to a booked lesson: free times at once, narrowed by a few choices, booked by a press. */
export function FindSlotScreen() {
  const { timeZone } = useSchool()
  const now = useNow(timeZone)
  const [query, setQuery] = useSearchParams()
  const asked = new URLSearchParams([...query].filter(([name, value]) => PARAMETERS.includes(name) && value !== ''))
  const { data, error, loading, reload } = useLoad<Slots>(`/panel/slots?${asked}`)
  useTitleOfPage('Find a slot')
  const change = (name: string, value: string) => {
    const next = new URLSearchParams(asked)
    if (value) next.set(name, value)
    else next.delete(name)
    setQuery(next, { replace: true })
  }
  return (
    <div className="board slots">
      <div className="screen-head">
        <h1>Find a slot</h1>
        <p className="muted">Times in {zoneCity(timeZone)}; a framed one leaves no hole in the day</p>
      </div>
      {data ? <SlotSearch slots={data} query={asked} change={change} /> : null}
      {error ? <SearchError error={error} retry={reload} isWrong={data !== null} /> : null}
      {!error && !data ? <Skeleton lines={8} label="Looking for free times" /> : null}
      {!error && data ? (
        <div className={loading ? 'board-older' : ''} aria-busy={loading}>
          <Results slots={data} today={now.day} reload={reload} change={change} />
        </div>
      ) : null}
    </div>
  )
}

/** What was chosen wrongly is put right in the form, which stays. */
function SearchError({ error, retry, isWrong }: { error: Error; retry: () => void; isWrong: boolean }) {
  if (!isWrong) return <ErrorState error={error} retry={retry} />
  return (
    <State alert icon="AlertCircle" title="This cannot be searched">
      {error.message}
    </State>
  )
}

interface ResultsProps {
  slots: Slots
  today: string
  reload: () => void
  change: (name: string, value: string) => void
}

function Results({ slots, today, reload, change }: ResultsProps) {
  const book = useBook(reload, false)
  const { asked, choices, days, reason, more } = slots
  const named = (list: { id: string; title: string }[], id: string | null) => list.find((one) => one.id === id)
  if (reason)
    return (
      <State
        icon="Calendar"
        title="No free time"
        actions={
          asked.instructor ? (
            <button type="button" className="button" onClick={() => change('instructor', '')}>
              Search any instructor
            </button>
          ) : null
        }
      >
        {reason}
      </State>
    )
  return (
    <>
      {days.map((one) => (
        <SlotDay
          key={one.day}
          {...{ one, today }}
          choose={(instructor, slot) =>
            book?.({
              day: one.day,
              at: slot.from,
              instructor,
              service: named(choices.services, asked.service),
              location: named(choices.locations, asked.location),
            })
          }
        />
      ))}
      {more ? <p className="board-note">There are more after this. Choose later days, or an instructor.</p> : null}
    </>
  )
}
