import { valueLabel } from '../../core/labels.ts'
import type { Field, Model } from '../../core/schema.ts'
import { Parameters } from '../lists/conditions.ts'
import { ACTOR_NAME, HEAD, MAKER, type Source, type Wanted, headOf, madeBy, maker, newest } from './timeline-query.ts'
import { webhooks } from './timeline-requests.ts'
import { actions, jobs, messages, money } from './timeline-related.ts'

/** Everything that tells of the record and that the role may read. */
export function sourcesOf(wanted: Wanted): Source[] {
  const { model } = wanted.view.screen
  const seen = (name: string) => wanted.views.get(name)
  return [
    changes(wanted),
    ...(model.name === 'Booking' && seen('LessonStateHistory') ? [history(wanted)] : []),
    ...(seen('Message') ? [messages(wanted, seen('Message')!)] : []),
    ...MONEY.flatMap((name) => {
      const view = seen(name)
      return view && view.screen.model !== model
        ? referring(view.screen.model, model).map((relation) => money(wanted, view, relation))
        : []
    }),
    ...(seen('ActionRun') ? [actions(wanted)] : []),
    ...(seen('WebhookEvent') && seen('AuditLog') ? [webhooks(wanted, seen('WebhookEvent')!)] : []),
    ...(seen('Outbox') ? [jobs(wanted, seen('Outbox')!)] : []),
  ]
}

const MONEY = ['Payment', 'Refund', 'Dispute', 'Payout', 'TransferReversal']

const referring = (from: Model, to: Model): Field[] =>
  from.fields.filter((field) => field.type === to.name && field.relationFromFields?.length)

function changes(wanted: Wanted): Source {
  const parameters = new Parameters()
  const { where, order } = newest(wanted, parameters)
  const model = wanted.view.screen.model.name
  const text = `SELECT ${HEAD}, t."requestId", ${ACTOR_NAME}, t."actorKind", t."actorRole", t.action, t.before::text, t.after::text, t.reason
    FROM "AuditLog" t LEFT JOIN "User" u ON u.id = t."actorUserId"
    WHERE ${where} AND t."entityType" = ${parameters.add(model)} AND t."entityId" = ${parameters.add(wanted.id)} ${order}`
  return {
    kind: 'change',
    query: { text, values: parameters.values, prepared: true },
    read: (values) => {
      const [requestId, name, kind, role, action, was, became, reason] = values.slice(2) as (string | null)[]
      const parsed = (json: string | null | undefined) => (json ? (JSON.parse(json) as Record<string, unknown>) : null)
      return {
        kind: 'change',
        ...headOf(values),
        requestId: requestId ?? null,
        who: { name: name ?? null, kind: kind ?? null, role: role ?? null },
        text: '',
        audited: {
          entityType: model,
          entityId: wanted.id,
          action: action!,
          before: parsed(was),
          after: parsed(became),
          reason: reason ?? null,
        },
      }
    },
  }
}

function history(wanted: Wanted): Source {
  const parameters = new Parameters()
  const { where, order } = newest(wanted, parameters)
  const booking = `t."bookingId" = ${parameters.add(wanted.id)}::uuid`
  const text = `SELECT ${HEAD}, ${MAKER}, t."fromStatus", t."toStatus", t.reason, u."fullName" AS actor
    FROM "LessonStateHistory" t LEFT JOIN "User" u ON u.id = t."actorUserId" ${maker('LessonStateHistory')} WHERE ${where} AND ${booking} ${order}`
  return {
    kind: 'history',
    query: { text, values: parameters.values, prepared: true },
    read: (values) => {
      const [from, to, reason, actor] = values.slice(6) as (string | null)[]
      const made = madeBy(values)
      return {
        kind: 'history',
        ...headOf(values),
        ...made,
        who: { ...made.who, name: actor ?? made.who.name },
        text: from ? `${valueLabel(from)} → ${valueLabel(to!)}` : valueLabel(to!),
        note: reason ?? null,
      }
    },
  }
}
