import { type PanelRole, may } from '../../core/permissions.ts'

/** Who books lessons: the roles of the booking actions. */
export const bookers: readonly PanelRole[] = ['owner', 'admin', 'manager']

/** Pages that belong to no single model, below /admin/pages, with the roles that have them. */
const pages: Readonly<Record<string, (role: PanelRole) => boolean>> = {
  calendar: (role) => may(role, 'read', 'Booking'),
  'find-slot': (role) => bookers.includes(role),
  review: (role) => bookers.includes(role),
}

/** Whether the address is a page of its own that the role may open. */
export function isPageFor(role: PanelRole, path: string): boolean {
  const name = /^\/admin\/pages\/([a-z-]+)$/.exec(path)?.[1]
  return name !== undefined && Object.hasOwn(pages, name) && pages[name]!(role)
}
