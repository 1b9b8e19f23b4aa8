import type { OrgRole, PlatformRole } from '@prisma/client'
import { panelRoles } from '../core/permissions.ts'

/** Who makes the request, as the database says it now: also somebody of the platform, who is in no school yet. */
export interface Person {
  userId: string
  email: string
  fullName: string
  /** What somebody of the platform may do; null for everybody else. */
  platformRole: PlatformStaff | null
  sessionId: string
  /** When this person last gave their password, in epoch milliseconds. */
  passwordAt: number
  /** When this session's second factor was right; null when it had none. */
  secondFactorAt: number | null
}

/** Support looks into schools; an operator also opens and closes them. */
export type PlatformStaff = Exclude<PlatformRole, 'none'>

/** Who makes the request and for which school. */
export interface Identity extends Person {
  orgId: string
  role: OrgRole
  school: School
  /** All schools this person may switch to, the current one included, by name. */
  schools: { orgId: string; name: string; role: OrgRole }[]
  /** By what somebody of the platform is inside; null for the school's own people. */
  access: Access | null
}

/** A row of OperatorAccess that still runs. */
export interface Access {
  id: string
  reason: string
  endsAt: Date
}

/** What people of the platform see inside a school: everything is read, and src/admin/operator.ts lets them change nothing. */
export const OPERATOR_ROLE = 'compliance' as const satisfies OrgRole

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
