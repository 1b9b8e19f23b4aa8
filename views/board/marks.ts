import type { Tone } from '../types.ts'
import { duration, minutesUntil } from './clock.ts'
import type { Lesson } from './types.ts'

export interface Mark {
  tone: Tone
  label: string
}

const AGREED = ['confirmed', 'scheduled', 'in_progress']

/** It has ended, and nobody has said what came of it. */
export const isUnclosed = ({ status, endAt }: Lesson, now: Date): boolean =>
  AGREED.includes(status) && minutesUntil(endAt, now) < 0

export const isRunning = ({ status }: Lesson): boolean => status === 'in_progress'

/** What is worth knowing of a lesson at a glance; nothing of one that is agreed, paid and still to come. */
export function marksOf(lesson: Lesson, now: Date): Mark[] {
  const { status, statusLabel, tone, unpaid, holdExpiresAt } = lesson
  const marks: Mark[] = []
  if (status === 'pending_payment') marks.push({ tone: 'warning', label: heldFor(holdExpiresAt, now) })
  else if (isUnclosed(lesson, now)) marks.push({ tone: 'danger', label: 'To close' })
  else if (isRunning(lesson)) marks.push({ tone: 'info', label: 'Running' })
  else if (!AGREED.includes(status)) marks.push({ tone, label: statusLabel })
  if (unpaid && (AGREED.includes(status) || status === 'completed')) marks.push({ tone: 'warning', label: 'Unpaid' })
  return marks
}

function heldFor(until: string | null, now: Date): string {
  const minutes = until ? minutesUntil(until, now) : 0
  return minutes > 0 ? `Held, ${duration(minutes)} left` : 'Hold has run out'
}

const BEFORE_START = 30

/** The actions that come next now, by their addresses, the usual one first. */
export function nextActions(lesson: Lesson, now: Date): string[] {
  const { status, startAt, actions } = lesson
  const toStart = minutesUntil(startAt, now)
  if (isUnclosed(lesson, now)) return ['complete', 'start'].filter((name) => actions.includes(name))
  const wanted: Record<string, string[]> = {
    in_progress: ['complete'],
    pending_payment: ['confirm'],
    requested: ['confirm', 'hold'],
    no_show: ['complete'],
    confirmed: toStart > BEFORE_START ? [] : ['start'],
  }
  return (wanted[status === 'scheduled' ? 'confirmed' : status] ?? []).filter((name) => actions.includes(name))
}
