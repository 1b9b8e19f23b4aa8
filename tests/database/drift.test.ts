import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, inject, test } from 'vitest'
import { root } from '../../src/core/root.ts'

// Somebody who changes a model and forgets the migration, or writes a migration that the schema does not know, hears it here.
test('the migrations, run one after the other, make what the schema says', async () => {
  const { superuserUrl } = inject('template')
  const difference = ['migrate', 'diff', '--from-migrations', 'prisma/migrations', '--to-schema-datamodel', 'prisma']
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [root('node_modules/prisma/build/index.js'), ...difference],
    {
      cwd: root(),
      env: { ...process.env, DATABASE_URL: superuserUrl, DATABASE_OWNER_URL: superuserUrl, NO_COLOR: '1' },
    },
  )
  expect(stdout.trim()).toBe('No difference detected.')
})
