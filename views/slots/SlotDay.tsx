import React, { useState } from 'react'
import { namedDay, shortDay, span } from '../board/clock.ts'
import type { Named, Slot, Slots } from '../board/types.ts'
import { formatTime } from '../format.ts'
import { Icon } from '../parts/Icon.tsx'

interface SlotDayProps {
  one: Slots['days'][number]
  today: string
  choose: (instructor: Named, slot: Slot) => void
}

/** A day's free times, by instructor. */
export function SlotDay({ one: { day, instructors }, today, choose }: SlotDayProps) {
  const id = `slots-${day}`
  return (
    <section className="slot-day" aria-labelledby={id}>
      <h2 id={id}>{namedDay(day, today)}</h2>
      <ul className="slot-rows card">
        {instructors.map((instructor) => (
          <SlotRow key={instructor.id} {...{ instructor, day, choose }} />
        ))}
      </ul>
    </section>
  )
}

/** So many times are offered first. */
const OFFERED = 6

type SlotRowProps = Pick<SlotDayProps, 'choose'> & {
  day: string
  instructor: SlotDayProps['one']['instructors'][number]
}

function SlotRow({ instructor, day, choose }: SlotRowProps) {
  const [all, setAll] = useState(false)
  const { title, slots } = instructor
  const best = all ? slots : slots.toSorted(byUse).slice(0, OFFERED)
  const more = slots.length - best.length
  return (
    <li className="slot-row">
      <span className="slot-who">{title}</span>
      <span className="slot-times">
        {best
          .toSorted((a, b) => a.from - b.from)
          .map((slot) => (
            <button
              key={slot.from}
              type="button"
              className={slot.joins ? 'slot slot-joins' : 'slot'}
              title={slot.joins ? 'Leaves no hole in the day' : undefined}
              aria-label={`Book ${span(slot)} with ${title}, ${shortDay(day)}`}
              onClick={() => choose(instructor, slot)}
            >
              {formatTime(slot.from)}
              {slot.roadMin > 0 ? <small>{slot.roadMin} min on the road</small> : null}
            </button>
          ))}
        {more > 0 ? (
          <button type="button" className="slot slot-all" onClick={() => setAll(true)}>
            {more} more
            <span className="sr-only"> with {title}</span>
            <Icon name="ChevronDown" size={14} />
          </button>
        ) : null}
      </span>
    </li>
  )
}

/** Those that leave no hole, then full and half hours. */
const byUse = (a: Slot, b: Slot): number =>
  Number(b.joins) - Number(a.joins) || Number(a.from % 30 !== 0) - Number(b.from % 30 !== 0) || a.from - b.from
