import type { messageTemplates } from '../../core/vocabulary.ts'

export type Kind = keyof typeof messageTemplates

interface KindFacts {
  /** What its templates may name, beside `everywhere`. */
  readonly placeholders: readonly Placeholder[]
  /** It answers what the person has just done, so it does not wait for the end of the quiet hours. */
  readonly atAnyHour?: true
  /**
   * When a mail server took the message and broke off before it said so, nobody knows whether it went. `review`: a person
   * looks. `resend`: a second copy, under the same Message-ID, harms less than a learner who waits at the kerb in vain.
   */
  readonly inDoubt: 'review' | 'resend'
}

const lesson = ['student', 'instructor', 'service', 'when', 'day', 'time', 'minutes', 'place', 'price'] as const

/** In every template; `unsubscribe` is filled in when the message goes, because it is the message's own. */
export const everywhere = ['name', 'school', 'unsubscribe'] as const

/** What can be filled in, in words for whoever writes a template. */
export const placeholderWords = {
  name: 'Who gets the message',
  school: 'Name of the school',
  unsubscribe: 'Address where the person can opt out',
  student: 'The learner',
  instructor: 'The instructor',
  service: 'The service booked',
  when: 'Day and time of the lesson',
  day: 'Its day',
  time: 'Its time',
  minutes: 'Its length in minutes',
  place: 'Where they meet',
  price: 'The price of the lesson',
  before: 'Day and time before the move',
  reason: 'The reason given',
  what: 'What it was paid for',
  amount: 'The amount',
  gst: 'The GST in it',
  method: 'How it was paid',
  reference: 'Number to ask about it by',
  needed: 'What Stripe still asks for',
  paper: 'The paper that ends',
  holder: 'Whose paper it is',
  until: 'Its last day',
  left: 'How long that is from now',
} as const

export type Placeholder = keyof typeof placeholderWords

/** Every message that the platform sends. The same lists stand in the database, in `message_placeholders`. */
export const kinds: Readonly<Record<Kind, KindFacts>> = {
  booking_requested: { placeholders: lesson, atAnyHour: true, inDoubt: 'review' },
  booking_confirmed: { placeholders: lesson, inDoubt: 'review' },
  booking_cancelled: { placeholders: [...lesson, 'reason'], inDoubt: 'resend' },
  booking_rescheduled: { placeholders: [...lesson, 'before'], inDoubt: 'resend' },
  booking_reminder: { placeholders: lesson, inDoubt: 'review' },
  instructor_lesson_booked: { placeholders: lesson, inDoubt: 'review' },
  instructor_lesson_moved: { placeholders: [...lesson, 'before'], inDoubt: 'resend' },
  instructor_lesson_cancelled: { placeholders: [...lesson, 'reason'], inDoubt: 'resend' },
  payment_receipt: {
    placeholders: ['student', 'what', 'when', 'amount', 'gst', 'method', 'reference'],
    atAnyHour: true,
    inDoubt: 'review',
  },
  refund_issued: {
    placeholders: ['student', 'what', 'when', 'amount', 'reason', 'reference'],
    atAnyHour: true,
    inDoubt: 'review',
  },
  payout_paid: { placeholders: ['student', 'what', 'when', 'amount', 'reference'], inDoubt: 'review' },
  account_action_needed: { placeholders: ['needed'], inDoubt: 'review' },
  paper_expiring: { placeholders: ['paper', 'holder', 'until', 'left'], inDoubt: 'review' },
}

export const isKind = (key: string): key is Kind => Object.hasOwn(kinds, key)

/** What a template of this key may name. */
export const placeholdersOf = (key: string): readonly Placeholder[] => [
  ...everywhere,
  ...(isKind(key) ? kinds[key].placeholders : []),
]
