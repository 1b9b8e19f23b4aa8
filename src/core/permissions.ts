import type { OrgRole } from '@prisma/client'
import { type Area, modelOf } from './schema.ts'

/** The roles that have a panel, strongest first. Instructors and students have none. */
export const panelRoles = ['owner', 'admin', 'manager', 'finance', 'compliance'] as const satisfies OrgRole[]
export type PanelRole = (typeof panelRoles)[number]

/** Whoever may add records may also bring them in as a file. */
export type Operation = 'read' | 'new' | 'edit' | 'delete' | 'import'

/** Letters of what may be done: r read (list, show, search) · n new · e edit · d delete, also in bulk. */
type Rights = string
const none: Rights = ''

/** Who may do what, by area. What is not named here is denied. */
const byArea: Record<Area, Record<PanelRole, Rights>> = {
  identity: { owner: 'rned', admin: 'r', manager: none, finance: none, compliance: 'r' },
  people: { owner: 'rned', admin: 'rned', manager: 'rne', finance: 'r', compliance: 'r' },
  catalogue: { owner: 'rned', admin: 'rned', manager: 'rne', finance: 'r', compliance: 'r' },
  scheduling: { owner: 'rned', admin: 'rned', manager: 'rne', finance: 'r', compliance: 'r' },
  lessons: { owner: 'rned', admin: 'rned', manager: 'rne', finance: 'r', compliance: 'r' },
  finance: { owner: 'r', admin: 'r', manager: none, finance: 'r', compliance: 'r' },
  communication: { owner: 'rned', admin: 'rned', manager: 'rne', finance: none, compliance: 'r' },
  compliance: { owner: 'r', admin: 'r', manager: none, finance: none, compliance: 'r' },
}

/** Models that a role sees differently from their area. */
const byModel: Record<string, Partial<Record<PanelRole, Rights>>> = {
  Payment: { manager: 'r' },
  Refund: { manager: 'r' },
  Trip: { finance: none },
  TripPoint: { finance: none },
  AuditLog: { admin: none },
  // finance agrees to what others ask for
  ActionRun: { finance: 'r' },
  AuditSeal: { admin: none },
  DataImport: { manager: 'r' },
  // they are shown where the import is, to who may add such records
  DataImportRow: { owner: none, admin: none, compliance: none },
  SavedView: { admin: none, compliance: none },
  RefreshToken: { admin: none, compliance: none },
}

/** What a model allows at the most, whoever asks: logs and ledgers are only read, operations move the rest. */
const ceiling: Record<string, { rights: Rights; because: string }> = {
  ...each(
    ['LedgerTransaction', 'LedgerEntry', 'LessonStateHistory', 'CreditEntry', 'AuditLog', 'AuditSeal'],
    'r',
    'it is a record of what happened',
  ),
  ...each(
    [
      'Message',
      'MessageDelivery',
      'StripeCall',
      'BankPayout',
      'ReconciliationRun',
      'ReconciliationException',
      'WebhookEvent',
      'Outbox',
      'OutboxDelivery',
      'ActionRun',
      'OperatorAccess',
      'ScheduledStateTransition',
      'Trip',
      'TripPoint',
    ],
    'r',
    'the system writes it',
  ),
  ...each(
    ['Payment', 'Refund', 'Dispute', 'PayoutBatch', 'Payout', 'TransferReversal', 'CreditGrant'],
    'r',
    'money moves by actions, not by editing',
  ),
  ...each(['DataImport', 'DataImportRow'], 'r', 'files are imported from the list that they go into'),
  ...each(['RefreshToken', 'SavedView'], 'r', 'it belongs to the person who signed in'),
  Consent: { rights: 'rn', because: 'a consent is never changed: record a new one' },
  Booking: { rights: 're', because: 'bookings are made and cancelled by actions' },
  Lesson: { rights: 're', because: 'a lesson starts and ends with its booking' },
  Org: { rights: 're', because: 'a school is opened and closed by the platform' },
  OrgSettings: { rights: 're', because: 'every school has exactly one' },
  User: { rights: 're', because: 'people join by an invitation and leave by ending their membership' },
  TravelTimeCache: { rights: 'rd', because: 'the system measures it' },
}

/** Models that no form adds to, and a file does: its rows become records by an operation. */
const broughtIn = new Set(['Booking'])

const letters: Record<Operation, string> = { read: 'r', new: 'n', edit: 'e', delete: 'd', import: 'n' }

export interface Decision {
  readonly allowed: boolean
  /** The rule that decided, in words a person can read. */
  readonly rule: string
}

/** Whether `role` may do `operation` on `model`, and which rule says so. Deny by default. */
export function decide(role: OrgRole, operation: Operation, model: string): Decision {
  const panelRole = panelRoles.find((one) => one === role)
  if (!panelRole) return { allowed: false, rule: `The role ${role} has no access to the back office.` }
  const limit = operation === 'import' && broughtIn.has(model) ? undefined : ceiling[model]
  if (limit && !limit.rights.includes(letters[operation]))
    return { allowed: false, rule: `Nobody can ${verbs[operation]} this here: ${limit.because}.` }
  const rights = byModel[model]?.[panelRole] ?? byArea[modelOf(model).area][panelRole]
  if (rights.includes(letters[operation]))
    return { allowed: true, rule: `The role ${role} may ${verbs[operation]} this.` }
  return { allowed: false, rule: `Your role (${role}) may not ${verbs[operation]} this.` }
}

export const may = (role: OrgRole, operation: Operation, model: string): boolean =>
  decide(role, operation, model).allowed

/** What is written against a ceiling or an exception, for the boot check that every name is a model. */
export const namedModels = (): string[] => [...Object.keys(byModel), ...Object.keys(ceiling), ...broughtIn]

const verbs: Record<Operation, string> = { read: 'see', new: 'add', edit: 'change', delete: 'delete', import: 'import' }

function each(models: string[], rights: Rights, because: string): typeof ceiling {
  return Object.fromEntries(models.map((model) => [model, { rights, because }]))
}
