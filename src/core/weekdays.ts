/** Days of the week as the schema counts them (domain.md, Availability: 0 is Sunday). */
export const days = {
  0: 'Sunday',
  1: 'Monday',
  2: 'Tuesday',
  3: 'Wednesday',
  4: 'Thursday',
  5: 'Friday',
  6: 'Saturday',
} as const
