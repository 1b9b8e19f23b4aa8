import React from 'react'
import { useResource } from '../areas.ts'
import { useLoad } from '../load.ts'
import { ErrorState } from '../parts/ErrorState.tsx'
import { Skeleton } from '../parts/State.tsx'
import { drivesApi } from '../paths.ts'
import type { RecordJSON, ResourceJSON } from '../types.ts'
import { TripMap } from './TripMap.tsx'
import type { Drives as Loaded } from './types.ts'

const ABOUT_A_LESSON = ['Booking', 'Lesson', 'Trip']
/** A booking has a drive once its lesson has begun. */
const BEGUN = ['in_progress', 'completed', 'cancelled']

/** The drives of the lesson that a record is about, for whoever may see them. */
export function Drives({ resource, record }: { resource: ResourceJSON; record: RecordJSON }) {
  const seesPoints = useResource('TripPoint') !== undefined
  const isBooking = resource.id === 'Booking'
  if (!seesPoints || !ABOUT_A_LESSON.includes(resource.id)) return null
  if (isBooking && !BEGUN.includes(String(record.params.status))) return null
  return <Section resource={resource} record={record} quiet={isBooking} />
}

/** @param quiet says nothing where there is nothing */
function Section({ resource, record, quiet }: { resource: ResourceJSON; record: RecordJSON; quiet: boolean }) {
  const { data, error, reload } = useLoad<Loaded>(drivesApi(resource.id, record.id))
  const drives = data?.drives.filter(({ tripId }) => resource.id !== 'Trip' || tripId === record.id) ?? []
  if (quiet && data && drives.length === 0) return null
  // what the lesson says is about all of its trips
  const only = data?.drives.length === 1 ? data.lesson : null
  return (
    <section className="card drives" aria-labelledby="drives">
      <h2 id="drives">{drives.length > 1 ? 'Trips' : 'Trip'}</h2>
      {error ? <ErrorState error={error} retry={reload} /> : null}
      {!data && !error ? <Skeleton lines={5} /> : null}
      {data && drives.length === 0 ? (
        <p className="muted">No trip was recorded. It takes a GPS token for the lesson, and the learner's consent.</p>
      ) : null}
      {drives.map((drive) => (
        <TripMap
          key={drive.tripId}
          drive={drive}
          meters={only?.distanceMeters ?? null}
          seconds={only?.durationSec ?? null}
        />
      ))}
    </section>
  )
}
