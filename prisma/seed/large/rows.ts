import type pg from 'pg'
import type { LargeSchool } from './plan.ts'

/** The few rows of each school that everything else refers to. */
export async function insertSchools(client: pg.Client, schools: readonly LargeSchool[]): Promise<void> {
  for (const [table, rowOf] of Object.entries(rowsOf)) {
    const rows = schools.flatMap((school) =>
      rowOf(school).map((row) => ({ ...row, createdAt: school.openedAt, updatedAt: school.openedAt })),
    )
    const columns = Object.keys(rows[0]!)
      .map((column) => `"${column}"`)
      .join(', ')
    await client.query(
      `INSERT INTO "${table}" (${columns})
       SELECT ${columns} FROM jsonb_populate_recordset(NULL::"${table}", $1::jsonb)`,
      [JSON.stringify(rows)],
    )
  }
  await client.query(`INSERT INTO "OrgSettings" ("orgId") SELECT unnest($1::uuid[])`, [schools.map(({ id }) => id)])
}

/** In the order of their references. */
const rowsOf: Readonly<Record<string, (school: LargeSchool) => object[]>> = {
  Org: ({ id, name, zone }) => [{ id, name, timeZone: zone, status: 'active', currency: 'AUD', gstRegistered: true }],
  User: ({ managerId, manager, email }) => [
    { id: managerId, fullName: manager, email, platformRole: 'none', failedLogins: 0 },
  ],
  UserOrg: ({ id: orgId, managerId }) => [
    { id: managerId, orgId, userId: managerId, role: 'manager', status: 'active' },
  ],
  Instructor: ({ id: orgId, teachers }) =>
    teachers.map(({ id, name }) => ({ id, orgId, displayName: name, ...everyTeacher })),
  Vehicle: ({ id: orgId, teachers }) =>
    teachers.map(({ id, vehicleId, rego }) => ({ id: vehicleId, orgId, rego, defaultInstructorId: id, ...everyCar })),
  Location: ({ id: orgId, locationId, name }) => [
    { id: locationId, orgId, name: `Office of ${name}`, kind: 'office', active: true },
  ],
  Service: ({ id: orgId, services }) =>
    services.map(({ id, minutes }) => {
      const name = `Lesson, ${minutes} minutes`
      return { id, orgId, name, durationMin: minutes, lessonType: 'standard', active: true }
    }),
  RateCard: ({ id: orgId, rateCardId: id }) => [
    { id, orgId, name: 'Standard prices', currency: 'AUD', isDefault: true },
  ],
  RateCardItem: ({ id: orgId, rateCardId, services }) =>
    services.map(({ id, cents }) => ({ id, orgId, rateCardId, serviceId: id, priceCents: cents })),
}

const everyTeacher = {
  gstRegistered: false,
  teachesAutomatic: true,
  teachesManual: false,
  active: true,
  stripeOnboardingStatus: 'complete',
}

const everyCar = {
  regoState: 'NSW',
  make: 'Toyota',
  model: 'Corolla',
  transmission: 'automatic',
  dualControls: true,
  active: true,
}
