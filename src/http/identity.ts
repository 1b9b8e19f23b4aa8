import type { OrgRole } from '@prisma/client'
import { panelRoles } from '../core/permissions.ts'

/** Who makes the request and for which school, as the database says it now. */
export interface Identity {
  userId: string
  email: string
  fullName: string
  orgId: string
  role: OrgRole
  school: School
  /** All schools this person may switch to, the current one included, by name. */
  schools: { orgId: string; name: string; role: OrgRole }[]
  sessionId: string
  /** When this person last gave their password, in epoch milliseconds. */
  passwordAt: number
  /** When this session's second factor was right; null when it had none. */
  secondFactorAt: number | null
}

export interface School {
  id: string
  name: string
  timeZone: string
  currency: string
}

/** One active membership in one open school, as the database lists it. */
export interface Membership {
  orgId: string
  name: string
  timeZone: string
  currency: string
  role: OrgRole
}

/** A person may hold several roles in a school: the panel shows them the strongest. Schools without a panel role fall out. */
export function panelMemberships(memberships: Membership[] | null): Membership[] {
  const strongest = new Map<string, Membership>()
  for (const membership of memberships ?? []) {
    const known = strongest.get(membership.orgId)
    if (rank(membership.role) < rank(known?.role)) strongest.set(membership.orgId, membership)
  }
  return [...strongest.values()]
}

const rank = (role: OrgRole | undefined): number => {
  const place = (panelRoles as readonly (OrgRole | undefined)[]).indexOf(role)
  return place < 0 ? panelRoles.length : place
}
