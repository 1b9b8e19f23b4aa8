import type { Transaction } from '../../core/db.ts'
import type { Fields } from '../call.ts'
import type { Plan } from './plan.ts'

interface Delegate {
  createMany(args: { data: readonly Fields[] }): Promise<unknown>
}

export async function insertRecords(tx: Transaction, { screen }: Plan, data: readonly Fields[]): Promise<void> {
  if (data.length === 0) return
  const { name } = screen.model
  const delegate = (tx as unknown as Record<string, Delegate>)[name.charAt(0).toLowerCase() + name.slice(1)]!
  await delegate.createMany({ data })
}
