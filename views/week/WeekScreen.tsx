import React from 'react'
import { Link, useSearchParams } from 'react-router-dom'
import { useLoad } from '../load.ts'
import { ErrorState } from '../parts/ErrorState.tsx'
import { Problem } from '../parts/Problem.tsx'
import { Skeleton } from '../parts/State.tsx'
import { listPath, recordPath } from '../paths.ts'
import { Breadcrumbs } from '../record/Breadcrumbs.tsx'
import { Agree } from '../record/Concerns.tsx'
import { ChooseInstructor } from '../record/ChooseInstructor.tsx'
import { useSchool } from '../session.ts'
import { useTitleOfPage } from '../title.ts'
import { DayRow } from './DayRow.tsx'
import { dayNames, type Week } from './types.ts'
import { useWeek } from './useWeek.ts'

/** The working hours of one instructor, all seven days on one screen. */
export function WeekScreen() {
  const [query, setQuery] = useSearchParams()
  const instructor = query.get('instructor')
  if (!instructor) return <ChooseInstructor title="Working week" choose={(id) => setQuery({ instructor: id })} />
  return <WeekOf key={instructor} instructor={instructor} />
}

function WeekOf({ instructor }: { instructor: string }) {
  const { data, error, reload } = useLoad<Week>(`/panel/working-week/${encodeURIComponent(instructor)}`)
  useTitleOfPage(data ? `Working week of ${data.instructor.title}` : 'Working week')
  if (error) return <ErrorState error={error} retry={reload} />
  if (!data) return <Skeleton lines={8} />
  return <WeekForm week={data} />
}

function WeekForm({ week }: { week: Week }) {
  const { id, title } = week.instructor
  const { timeZone } = useSchool()
  const form = useWeek(week)
  return (
    <div className="record-screen">
      <Breadcrumbs
        trail={[
          { label: 'Instructors', to: listPath('Instructor') },
          { label: title, to: recordPath('Instructor', id) },
        ]}
      />
      <div className="screen-head">
        <h1>Working week of {title}</h1>
      </div>
      <form
        className="card form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (form.dirty) void form.save()
        }}
      >
        <p className="muted week-note">
          Holds from today on, by the clocks of {timeZone.split('/').at(-1)?.replaceAll('_', ' ')}. Lessons are the most
          of a day, minutes are kept free after each. Leave and extra hours of single days stay as they are.
        </p>
        <Problem problem={form.problem} />
        {form.asked ? (
          <Agree asked={form.asked} saving={form.saving} agree={() => form.save(form.asked?.agreed)} />
        ) : null}
        <div className="week">
          {dayNames.map(([dayOfWeek, name]) => {
            const day = form.days.find((one) => one.dayOfWeek === dayOfWeek)
            return day ? (
              <DayRow
                key={dayOfWeek}
                {...{ day, name }}
                change={(fields) => form.change(dayOfWeek, fields)}
                copy={() => form.copy(day)}
              />
            ) : null
          })}
        </div>
        <div className="form-foot">
          <button type="submit" className="button button-primary" aria-disabled={form.saving || !form.dirty}>
            {form.saving ? 'Saving…' : 'Save the week'}
          </button>
          <Link className="button" to={recordPath('Instructor', id)}>
            Cancel
          </Link>
          {form.dirty ? null : <span className="muted">Nothing changed yet</span>}
        </div>
      </form>
    </div>
  )
}
