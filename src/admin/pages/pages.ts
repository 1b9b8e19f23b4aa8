import { auditors } from '../audit/entries.ts'
import { type PanelRole, may, panelRoles } from '../../core/permissions.ts'

/** Who books lessons: the roles of the booking actions. */
export const bookers: readonly PanelRole[] = ['owner', 'admin', 'manager']

const HOURS = 'InstructorWorkingHours'

/** Who plans an instructor's week. */
export const planners: readonly PanelRole[] = panelRoles.filter(
  (role) => may(role, 'new', HOURS) && may(role, 'edit', HOURS),
)

/** Pages that belong to no single model, below /admin/pages, with the roles that have them. */
const pages: Readonly<Record<string, (role: PanelRole) => boolean>> = {
  calendar: (role) => may(role, 'read', 'Booking'),
  'find-slot': (role) => bookers.includes(role),
  audit: (role) => auditors.includes(role),
  privacy: (role) => auditors.includes(role),
  'access-review': (role) => auditors.includes(role),
  jobs: (role) => may(role, 'read', 'OutboxDelivery'),
  money: (role) => may(role, 'read', 'LedgerEntry'),
  review: (role) => bookers.includes(role),
  'working-week': (role) => planners.includes(role),
  statement: (role) => may(role, 'read', 'Payout') && may(role, 'read', 'LedgerEntry'),
  // whoever asks for something sees what becomes of it
  approvals: () => true,
}

/** Whether the address is a page of its own that the role may open. */
export function isPageFor(role: PanelRole, path: string): boolean {
  const name = /^\/admin\/pages\/([a-z-]+)$/.exec(path)?.[1]
  return name !== undefined && Object.hasOwn(pages, name) && pages[name]!(role)
}
