import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { modelLabel, plural } from '../../core/labels.ts'
import { areas, models } from '../../core/schema.ts'
import { Problem } from '../../postgres/problem.ts'
import type { Plan, Read } from '../new.ts'
import { lowerFirst } from './names.ts'

/** A table with a name, its migration, and the line that every model of a school has in `Org`. */
export function newModel([name = '', area = '']: readonly string[], read: Read, at: string): Plan {
  if (!/^[A-Z][A-Za-z]{2,40}$/.test(name)) throw new Problem(`"${name}" is no name of a model: it looks like RateCard.`)
  if (!(area in areas))
    throw new Problem(`Say in which area ${name} belongs: npm run new model ${name} <${Object.keys(areas).join('|')}>`)
  if (models.has(name)) throw new Problem(`There is a model ${name} already. Nothing was changed.`)
  const schema = `prisma/${area}.prisma`
  const migration = `prisma/migrations/${nextNumber(at)}_${snake(name)}/migration.sql`
  return {
    files: { [migration]: tableOf(name) },
    changes: changedSchema({ schema, name }, read),
    next: [
      `Then: its columns in ${schema} and in the migration, and npx prisma generate.`,
      'npm run check names what is missing; npm start makes the table and shows its screen.',
      'Its rights are those of the area (src/core/permissions.ts); write them down by: npx vitest run -u tests/security/permissions.test.ts',
    ],
  }
}

function changedSchema({ schema, name }: { schema: string; name: string }, read: Read): Record<string, string> {
  const identity = 'prisma/identity.prisma'
  const line = `  ${lowerFirst(plural(name))} ${name}[]\n`
  const withLine = read(identity).replace(/^model Org \{[\s\S]*?\n(?=\n?\s*(@@|\}))/m, (block) => block + line)
  const block = blockOf(name)
  if (schema === identity) return { [identity]: withLine + block }
  return { [identity]: withLine, [schema]: read(schema) + block }
}

const blockOf = (name: string): string => `
/// ${modelLabel(name)}.
model ${name} {
  id        String   @id @default(dbgenerated("uuidv7()")) @db.Uuid
  orgId     String   @db.Uuid
  name      String
  createdAt DateTime @default(now()) @db.Timestamptz(3)
  updatedAt DateTime @default(now()) @updatedAt @db.Timestamptz(3)

  org Org @relation(fields: [orgId], references: [id], onDelete: Restrict, onUpdate: Restrict)

  @@unique([id, orgId])
  @@index([orgId, name])
}
`

const tableOf = (name: string): string => `CREATE TABLE "${name}" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "${name}_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "${name}_id_orgId_key" ON "${name}"("id", "orgId");
CREATE INDEX "${name}_orgId_name_idx" ON "${name}"("orgId", "name");
ALTER TABLE "${name}" ADD CONSTRAINT "${name}_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- the school's policy, the audit trigger, and the app's rights
SELECT secure_table('"${name}"');
`

function nextNumber(at: string): string {
  const numbers = readdirSync(join(at, 'prisma/migrations')).map((folder) => Number.parseInt(folder, 10) || 0)
  return String(Math.max(...numbers) + 1).padStart(4, '0')
}

const snake = (name: string): string => name.replaceAll(/(?<=.)([A-Z])/g, '_$1').toLowerCase()
