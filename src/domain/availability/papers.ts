import type { UnitOfWork } from '../../core/unit-of-work.ts'
import type { CredentialKind } from '@prisma/client'

/** Until when an instructor's papers allow lessons, and which of them ends first. */
export interface Papers {
  /** Last local day, `yyyy-mm-dd`; empty when one of them is not valid on any day. */
  readonly until: string
  readonly kind: CredentialKind
}

/**
 * Of each kind of paper that is on file one must be verified and not have expired; what was rejected or revoked does not
 * count, and what waits for its check not yet. Instructors without any paper on file are not in the answer.
 */
export async function papersOf(work: UnitOfWork, instructorIds: readonly string[]): Promise<Map<string, Papers>> {
  const papers = await work.tx.instructorCredential.findMany({
    where: { orgId: work.orgId, instructorId: { in: [...instructorIds] } },
    select: { instructorId: true, kind: true, status: true, expiresOn: true },
    orderBy: { kind: 'asc' },
  })
  const latest = new Map<string, Map<CredentialKind, string>>()
  for (const { instructorId, kind, status, expiresOn } of papers) {
    const kinds = latest.get(instructorId) ?? new Map<CredentialKind, string>()
    const day = status === 'verified' ? expiresOn.toISOString().slice(0, 10) : ''
    if (day >= (kinds.get(kind) ?? '')) kinds.set(kind, day)
    latest.set(instructorId, kinds)
  }
  return new Map([...latest].map(([instructorId, kinds]) => [instructorId, firstToEnd(kinds)]))
}

function firstToEnd(kinds: ReadonlyMap<CredentialKind, string>): Papers {
  const [[kind, until]] = [...kinds].toSorted(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0)) as [
    [CredentialKind, string],
  ]
  return { kind, until }
}
