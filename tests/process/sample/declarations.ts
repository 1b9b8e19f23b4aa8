/** What a developer writes for a new model: its screen and one action, at most 15 lines together. */
export const declarations: Readonly<Record<string, string>> = {
  'src/resources/driving-test.ts': `import { resource } from '../core/declaration.ts'
export default resource('DrivingTest', {
  filters: { range: ['takenOn'], multi: ['result'], relation: ['student'] },
  fields: { feeCents: { write: ['owner'], lockedWhen: ({ result }) => result !== 'booked' && 'The fee is settled.' } },
})
`,
  'src/actions/grade-driving-test.ts': `import { action, z } from '../core/action.ts'
export default action('driving-test.grade', {
  model: 'DrivingTest',
  on: 'record',
  may: ['owner', 'manager'],
  label: 'Enter the result',
  form: z.object({ result: z.enum(['passed', 'failed']) }),
  approval: { by: ['owner'] },
  run: async ({ tx }, { record: { id }, input }) => void (await tx.drivingTest.update({ where: { id }, data: input })),
})
`,
}

/** The columns that take the place of `name` in the block that `npm run new model` writes. */
export const columns = `  studentId String     @db.Uuid
  takenOn   DateTime   @db.Date
  result    TestResult @default(booked)
  /// Cents.
  feeCents  Int        @default(0)
`
export const relation = `
  student Student @relation(fields: [studentId, orgId], references: [id, orgId], onDelete: Restrict, onUpdate: Restrict)
`
export const indexes = `  @@index([orgId, studentId])
  @@index([orgId, takenOn])
`
export const enumeration = `
/// How a driving test stands.
enum TestResult {
  booked
  passed
  failed
}
`

/** The same in the migration. */
export const sql = {
  type: `CREATE TYPE "TestResult" AS ENUM ('booked', 'passed', 'failed');
`,
  columns: `    "studentId" UUID NOT NULL,
    "takenOn" DATE NOT NULL,
    "result" "TestResult" NOT NULL DEFAULT 'booked',
    "feeCents" INTEGER NOT NULL DEFAULT 0,
`,
  rest: `CREATE INDEX "DrivingTest_orgId_studentId_idx" ON "DrivingTest"("orgId", "studentId");
CREATE INDEX "DrivingTest_orgId_takenOn_idx" ON "DrivingTest"("orgId", "takenOn");
CREATE INDEX driving_tests_passed ON "DrivingTest" ("orgId", "takenOn") WHERE result = 'passed';
CREATE INDEX driving_tests_failed ON "DrivingTest" ("orgId", "takenOn") WHERE result = 'failed';
ALTER TABLE "DrivingTest" ADD CONSTRAINT "DrivingTest_studentId_orgId_fkey" FOREIGN KEY ("studentId", "orgId") REFERENCES "Student"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "DrivingTest" ADD CONSTRAINT driving_test_fee CHECK ("feeCents" >= 0);
`,
}
