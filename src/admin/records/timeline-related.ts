import { valueLabel } from '../../core/labels.ts'
import type { Field } from '../../core/schema.ts'
import { Parameters } from '../lists/conditions.ts'
import type { View } from './records.ts'
import { propertyOf } from '../screen.ts'
import { selectionOf } from './selection.ts'
import { HEAD, MAKER, NOBODY, type Source, type Wanted, headOf, madeBy, maker, newest } from './timeline-query.ts'
import { tonesOf } from '../tones.ts'

export function messages(wanted: Wanted, view: View): Source {
  const parameters = new Parameters()
  const { where, order } = newest(wanted, parameters)
  const about = `t."relatedType" = ${parameters.add(wanted.view.screen.model.name)} AND t."relatedId" = ${parameters.add(wanted.id)}`
  const text = `SELECT ${HEAD}, ${MAKER}, t."toAddress", t.channel, t."templateKey", t.subject, t.status
    FROM "Message" t ${maker('Message')} WHERE ${where} AND ${about} ${order}`
  const word = (name: string, value: string) => propertyOf(view.screen, name)?.values?.[value] ?? valueLabel(value)
  return {
    kind: 'message',
    query: { text, values: parameters.values, prepared: true },
    read: (values) => {
      const [to, channel, template, subject, status] = values.slice(6) as string[]
      return {
        kind: 'message',
        ...headOf(values),
        ...madeBy(values),
        text: `${word('channel', channel!)} to ${to}: ${subject ?? word('templateKey', template!)}`,
        status: statusOf(status!, word('status', status!)),
        open: { model: 'Message', id: values[0] as string },
      }
    },
  }
}

export function money(wanted: Wanted, view: View, relation: Field): Source {
  const { screen, screens } = view
  const selection = selectionOf(screens, screen, [])
  const parameters = new Parameters()
  const { where, order } = newest(wanted, parameters)
  const refers = `t."${relation.relationFromFields![0]}" = ${parameters.add(wanted.id)}::uuid`
  // the rows first, then the names: selections speak of the alias b
  const text = `SELECT t.id, t."createdAt", ${MAKER}, t.status, ${selection.columns} FROM (SELECT * FROM "${screen.model.name}" t WHERE ${where} AND ${refers} ${order}) t
    JOIN "${screen.model.name}" b ON b.id = t.id ${selection.joins} ${maker(screen.model.name)} ORDER BY t."createdAt" DESC, t.id DESC`
  const words = propertyOf(screen, 'status')?.values
  return {
    kind: 'payment',
    query: { text, values: parameters.values, prepared: true },
    read: (values, school) => {
      const status = String(values[6])
      return {
        kind: 'payment',
        ...headOf(values),
        ...madeBy(values),
        text: `${screen.singular} ${selection.read(values.slice(7), school).title}`,
        status: statusOf(status, words?.[status] ?? valueLabel(status)),
        open: { model: screen.model.name, id: values[0] as string },
      }
    },
  }
}

export function actions(wanted: Wanted): Source {
  const parameters = new Parameters()
  const { where, order } = newest(wanted, parameters)
  const about = `t."recordType" = ${parameters.add(wanted.view.screen.model.name)} AND t."recordId" = ${parameters.add(wanted.id)}`
  const text = `SELECT ${HEAD}, ${MAKER}, t.action, t.summary, t.status, t.error FROM "ActionRun" t ${maker('ActionRun')} WHERE ${where} AND ${about} ${order}`
  return {
    kind: 'action',
    query: { text, values: parameters.values, prepared: true },
    read: (values) => {
      const [action, said, status, error] = values.slice(6) as (string | null)[]
      return {
        kind: 'action',
        ...headOf(values),
        ...madeBy(values),
        text:
          said ??
          valueLabel(
            action!
              .split('.')
              .at(-1)!
              .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
              .toLowerCase(),
          ),
        note: error ?? null,
        status: statusOf(status!, valueLabel(status!)),
        open: { model: 'ActionRun', id: values[0] as string },
      }
    },
  }
}

export function jobs(wanted: Wanted, view: View): Source {
  const parameters = new Parameters()
  const { where, order } = newest(wanted, parameters)
  const about = `t."aggregateType" = ${parameters.add(wanted.view.screen.model.name)} AND t."aggregateId" = ${parameters.add(wanted.id)}`
  const text = `SELECT ${HEAD}, t.actor ->> 'requestId', t.topic, t."lastError",
      CASE WHEN t."deadAt" IS NOT NULL THEN 'dead' WHEN t."processedAt" IS NOT NULL THEN 'processed' ELSE 'queued' END,
      t.archived::text
    FROM outbox.told t WHERE ${where} AND ${about} ${order}`
  return {
    kind: 'job',
    query: { text, values: parameters.values, prepared: true },
    read: (values) => {
      const [requestId, topic, error, state, archived] = values.slice(2) as (string | null)[]
      return {
        kind: 'job',
        ...headOf(values),
        requestId: requestId ?? null,
        who: NOBODY,
        text: propertyOf(view.screen, 'topic')?.values?.[topic!] ?? valueLabel(topic!),
        note: error ?? null,
        status: statusOf(state!, { dead: 'Given up', processed: 'Delivered', queued: 'Waiting' }[state!]!),
        ...(archived === 'true' ? {} : { open: { model: 'Outbox', id: values[0] as string } }),
      }
    },
  }
}

const statusOf = (value: string, label: string) => ({ label, tone: tonesOf([value])[value] ?? 'default' })
