import type { Tone } from '../types.ts'

/** What the server says of a school's days (src/admin/board). Minutes count from midnight on the school's clocks. */

export interface Named {
  id: string
  title: string
}

export interface Stretch {
  day: string
  from: number
  to: number
}

export interface Lesson extends Stretch {
  id: string
  title: string
  startAt: string
  endAt: string
  status: string
  statusLabel: string
  tone: Tone
  student: Named | null
  instructor: Named | null
  service: Named | null
  vehicle: Named | null
  location: Named | null
  phone: string | null
  holdExpiresAt: string | null
  statusChangedAt: string | null
  unpaid: boolean | null
  actions: string[]
}

export interface Exception extends Stretch {
  instructorId: string
  label: string
  closed: boolean
}

export interface Column extends Named {
  working: Stretch[]
  free: Stretch[]
  exceptions: Exception[]
}

export interface InstructorDay extends Column {
  lessons: Lesson[]
  papers: { label: string; lapsed: boolean }[]
}

export interface Board {
  day: string
  instructors: InstructorDay[]
  off: Named[]
  more: boolean
}

export interface Calendar {
  from: string
  days: string[]
  instructors: Column[]
  crew: Named[]
  more: boolean
  lessons: Lesson[]
}

export interface Slot {
  from: number
  to: number
  joins: boolean
  roadMin: number
}

export interface Slots {
  asked: {
    service: string | null
    instructor: string | null
    transmission: string | null
    location: string | null
    from: string
    to: string
  }
  choices: { services: Named[]; instructors: Named[]; locations: Named[] }
  days: { day: string; instructors: (Named & { slots: Slot[] })[] }[]
  reason: string | null
  more: boolean
}

export type QueueName = 'holds' | 'requests' | 'unclosed' | 'no-shows'
