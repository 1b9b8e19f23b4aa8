import { escapeHtml } from '../../core/escape-html.ts'
import { valueLabel } from '../../core/labels.ts'
import { formatMoney } from '../../core/money.ts'
import { formatInstant } from '../../core/time.ts'
import type { Case } from '../../domain/disputes/read-case.ts'
import type { Table } from './tables.ts'
import { tripMap } from './trip-map.ts'

/** The case on a page that opens in any browser and prints well: what happened, and everything that shows it. */
export function summaryPage(found: Case, tables: readonly Table[], madeAt: Date): string {
  const { org, dispute, student } = found
  const title = `Dispute of ${formatMoney(dispute.amountCents, dispute.currency)}: ${student.fullName}, ${org.name}`
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body>
<h1>${escapeHtml(title)}</h1>
<p>Made on ${escapeHtml(formatInstant(madeAt, org.timeZone))}. Times are those of ${escapeHtml(org.timeZone)}.</p>
${facts(found)}
${trips(found)}
${tables.map(section).join('\n')}
</body></html>
`
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}
h1{font-size:1.5rem;line-height:1.25}h2{font-size:1.15rem;margin-top:2rem}table{border-collapse:collapse;width:100%}
td,th{border:1px solid #ccc;padding:.35rem .5rem;text-align:left;vertical-align:top;white-space:pre-line;overflow-wrap:anywhere}
th{background:#f1f5f9;white-space:normal}dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem}dt{color:#555}dd{margin:0}
svg{max-width:100%;height:auto;border:1px solid #ccc}`

function facts({ org, dispute, payment, student, booking }: Case): string {
  const when = (at: Date | null | undefined) => (at ? formatInstant(at, org.timeZone) : null)
  const lesson = booking?.lesson
  const rows: readonly (readonly [string, string | null | undefined])[] = [
    ['School', org.abn ? `${org.name}, ABN ${org.abn}` : org.name],
    ['Learner', [student.fullName, student.email, student.phone].filter(Boolean).join(', ')],
    ['Disputed', `${formatMoney(dispute.amountCents, dispute.currency)}, ${valueLabel(dispute.reason).toLowerCase()}`],
    ['Opened', when(dispute.openedAt)],
    ['Answer until', when(dispute.evidenceDueBy)],
    ['Paid', `${formatMoney(payment.amountCents, payment.currency)} by ${valueLabel(payment.method).toLowerCase()}`],
    ['Payment succeeded', when(payment.succeededAt)],
    ['Payment at Stripe', payment.stripePaymentIntentId],
    ['Lesson', booking && `${booking.service.name}, ${when(booking.startAt)}`],
    ['Booked', when(booking?.createdAt)],
    ['Instructor', booking?.instructor.displayName],
    ['Vehicle', booking?.vehicle && `${booking.vehicle.make} ${booking.vehicle.model}, ${booking.vehicle.rego}`],
    ['Pick-up', booking?.pickupAddress ?? booking?.location?.address],
    ['Where it stands', booking && valueLabel(booking.status)],
    ['Lesson began', when(lesson?.startedAt)],
    ['Lesson ended', when(lesson?.endedAt)],
    ['Driven', lesson?.distanceMeters ? `${(lesson.distanceMeters / 1000).toFixed(1)} km` : null],
  ]
  const shown = rows.flatMap(([label, value]) =>
    value ? [`<dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd>`] : [],
  )
  return `<dl>${shown.join('\n')}</dl>`
}

function trips({ trips, org }: Case): string {
  if (trips.length === 0)
    return '<h2>Trip</h2><p>No positions are kept of this lesson, or the learner has not agreed to them.</p>'
  return trips
    .map(({ drive, points }, index) => {
      const heading = `Trip ${index + 1}, from ${formatInstant(drive.startedAt, org.timeZone)}`
      return `<h2>${escapeHtml(heading)}</h2>
<p>${points.length} positions over ${(drive.meters / 1000).toFixed(1)} km; all of them in trip-${index + 1}.csv.</p>
${tripMap(drive, heading)}`
    })
    .join('\n')
}

const section = ({ title, head, rows }: Table): string => `<h2>${escapeHtml(title)}</h2>
<table><thead><tr>${cells(head, 'th')}</tr></thead><tbody>
${rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n')}
</tbody></table>`

const cells = (texts: readonly string[], tag: 'th' | 'td'): string =>
  texts.map((text) => `<${tag}>${escapeHtml(text)}</${tag}>`).join('')
