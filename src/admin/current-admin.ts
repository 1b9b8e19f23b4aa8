import type { OrgRole } from '@prisma/client'

/** Who is signed in, as the browser may know it. AdminJS hands it to every action and writes it into the page. */
export interface CurrentAdmin {
  readonly id: string
  readonly email: string
  readonly name: string
  /** Under the name in the corner of the page: the role in words. */
  readonly title: string
  readonly role: OrgRole
  readonly school: { readonly id: string; readonly name: string; readonly timeZone: string; readonly currency: string }
  readonly schools: readonly { readonly orgId: string; readonly name: string; readonly role: OrgRole }[]
  readonly simulated: { readonly stripe: boolean }
  /** Of somebody of the platform, who is inside until then, and why. */
  readonly visit: { readonly id: string; readonly until: string; readonly reason: string } | null
}
