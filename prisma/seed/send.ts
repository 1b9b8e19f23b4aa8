import type { Transaction } from '../../src/core/db.ts'
import { fieldOf, modelOf } from '../../src/core/schema.ts'
import type { Model } from './rows.ts'

/** Many rows in one statement and one parameter: far quicker than a parameter for every value. */
export async function send(tx: Transaction, model: Model, rows: readonly object[]): Promise<void> {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const tracked = fieldOf(modelOf(model), 'updatedAt') !== undefined && !columns.includes('updatedAt')
  const into = [...columns, ...(tracked ? ['updatedAt'] : [])].map((column) => `"${column}"`)
  const from = [...columns, ...(tracked ? ['createdAt'] : [])].map((column) => `"${column}"`)
  // a person of two schools was brought by the first
  const twice = model === 'User' ? 'ON CONFLICT DO NOTHING' : ''
  const statement = `INSERT INTO "${model}" (${into.join(', ')})
    SELECT ${from.join(', ')} FROM jsonb_populate_recordset(NULL::"${model}", $1::jsonb) ${twice}`
  await tx.$executeRawUnsafe(statement, JSON.stringify(rows))
}
