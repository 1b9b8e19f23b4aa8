import React from 'react'
import { useLoad } from '../load.ts'
import { ErrorState } from '../parts/ErrorState.tsx'
import { Letter, type LetterProps } from '../parts/Letter.tsx'
import { Skeleton } from '../parts/State.tsx'
import { messagePreviewApi } from '../paths.ts'
import { useSchool } from '../session.ts'
import type { PropertyProps } from '../types.ts'
import { formatDateTime } from '../zone.ts'

interface Invitation {
  method: 'REQUEST' | 'CANCEL'
  startAt: string
  place: string | null
}

/** The body of a message on its record: as its reader sees it. */
export default function LetterBody({ record }: PropertyProps) {
  const { data, error, reload } = useLoad<LetterProps & { calendar: Invitation | null }>(
    record ? messagePreviewApi(record.id) : null,
  )
  if (error) return <ErrorState error={error} retry={reload} />
  if (!data) return <Skeleton lines={4} />
  return (
    <>
      <Letter {...data} />
      {data.calendar ? <InCalendar {...data.calendar} /> : null}
    </>
  )
}

function InCalendar({ method, startAt, place }: Invitation) {
  const { timeZone } = useSchool()
  return (
    <p className="muted">
      {method === 'REQUEST' ? 'Puts into the calendar: ' : 'Takes out of the calendar: '}
      {formatDateTime(startAt, timeZone)}
      {place ? `, ${place}` : ''}
    </p>
  )
}
