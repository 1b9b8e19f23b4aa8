import type { ConsentKind } from '@prisma/client'
import type { Learner } from './learners.ts'
import { hoursAfter, later, type School } from './school.ts'
import type { Staff } from './team.ts'

/** What every learner agreed to when they joined, and the few who changed their mind. */
export function addConsents(school: School, learners: readonly Learner[], staff: Staff): void {
  for (const [index, learner] of learners.entries()) {
    const given: ConsentKind[] = ['terms']
    if (learner.guardian && !learner.awaitsConsent) given.push('minor_lessons')
    if (learner.tracked) given.push('gps_tracking')
    if (index % 3 !== 1) given.push('marketing')
    for (const kind of given)
      addConsent(school, learner, { kind, granted: true, at: learner.joinedAt, by: staff.manager })
    const yesterday = later(learner.joinedAt, school.minutesAgo(26 * 60))
    if (index === WITHDREW_TRACKING) {
      addConsent(school, learner, { kind: 'gps_tracking', granted: false, at: yesterday, by: staff.compliance })
    }
    if (index % 60 === 9) {
      addConsent(school, learner, { kind: 'marketing', granted: false, at: yesterday, by: staff.admin })
    }
  }
}

/** No longer wants to be tracked: their points are to be purged. */
const WITHDREW_TRACKING = 14

interface Given {
  kind: ConsentKind
  granted: boolean
  at: Date
  by: string
}

function addConsent(school: School, learner: Learner, given: Given): void {
  const byGuardian = learner.guardian && given.kind !== 'marketing'
  school.rows.add('Consent', {
    id: school.newId(`consent/${learner.id}/${given.kind}/${given.granted}`, given.at),
    orgId: school.id,
    studentId: learner.id,
    guardianId: byGuardian ? learner.guardian.id : null,
    kind: given.kind,
    granted: given.granted,
    documentVer: '2026-01',
    method: given.granted ? (byGuardian ? 'signature' : 'online form') : 'e-mail',
    recordedById: given.by,
    effectiveAt: given.at,
    createdAt: hoursAfter(given.at, given.granted ? 0 : 1),
  })
}
