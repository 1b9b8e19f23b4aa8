import type { OrgRole } from '@prisma/client'
import type { School } from './school.ts'
import { PLATFORM_FEE_BPS } from './schools.ts'

/** The school itself, still closed: it opens when its story is complete. */
export function addOrganisation(school: School): void {
  const { name, abn, zone } = school.plan
  // the school's own date carries the clock of the story: a later start reads it back
  const createdAt = openedAt(school.now.toJSDate())
  school.rows.add('Org', {
    id: school.id,
    name,
    abn,
    timeZone: zone,
    status: 'trial',
    currency: 'AUD',
    gstRegistered: true,
    createdAt,
  })
  school.rows.add('OrgSettings', {
    id: school.newId('settings', createdAt),
    orgId: school.id,
    platformFeeBps: PLATFORM_FEE_BPS,
    createdAt,
  })
}

const SCHOOL_AGE_MS = 60 * 7 * 24 * 3_600_000

/** When a school of the demo opened, from the moment the demo was first started, and back. */
export const openedAt = (firstStart: Date): Date => new Date(firstStart.getTime() - SCHOOL_AGE_MS)
export const firstStartOf = (opened: Date): Date => new Date(opened.getTime() + SCHOOL_AGE_MS)

/** The rules a booking is checked against: who may learn what, and what this school may one day leave to managers. */
export function addRules(school: School): void {
  const at = school.now.minus({ weeks: 60 }).toJSDate()
  const licences: [licence: string, minAge: number, consent: boolean][] = [
    ['learner', 16, true],
    ['overseas', 18, false],
    ['provisional', 17, true],
  ]
  for (const [studentLicenseType, minStudentAge, requiresParentalConsent] of licences) {
    for (const lessonType of ['standard', 'test_preparation']) {
      school.rows.add('LicenseCompatibilityMatrix', {
        id: school.newId(`matrix/${studentLicenseType}/${lessonType}`, at),
        orgId: school.id,
        studentLicenseType,
        lessonType,
        instructorLicenseReq: 'instructor_licence',
        isCompatible: !(studentLicenseType === 'provisional' && lessonType === 'test_preparation'),
        minStudentAge,
        minLessonDuration: 30,
        maxLessonDuration: 480,
        requiresParentalConsent,
        createdAt: at,
      })
    }
  }
  const narrowed: [toStatus: 'cancelled' | 'completed', requiredRole: OrgRole, description: string][] = [
    ['cancelled', 'manager', 'A lesson that has begun is broken off by a manager, with a reason.'],
    ['completed', 'manager', 'A lesson is closed by a manager on behalf of the instructor.'],
  ]
  for (const [toStatus, requiredRole, description] of narrowed) {
    const row = {
      orgId: school.id,
      fromStatus: 'in_progress' as const,
      toStatus,
      requiredRole,
      description,
      isActive: false,
      createdAt: at,
    }
    school.rows.add('StateTransitionRule', { id: school.newId(`rule/${toStatus}`, at), ...row })
  }
}
