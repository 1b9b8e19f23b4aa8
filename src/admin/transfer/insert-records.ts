import type { UnitOfWork } from '../../core/unit-of-work.ts'
import type { Fields } from '../call.ts'
import type { Plan } from './plan.ts'

interface Delegate {
  createMany(args: { data: readonly Fields[] }): Promise<unknown>
}

export async function insertRecords(work: UnitOfWork, { screen }: Plan, data: readonly Fields[]): Promise<void> {
  const maker = screen.imports?.maker
  if (maker) {
    for (const row of data) await maker.make(work, row)
    return
  }
  if (data.length === 0) return
  const { name } = screen.model
  const delegate = (work.tx as unknown as Record<string, Delegate>)[name.charAt(0).toLowerCase() + name.slice(1)]!
  await delegate.createMany({ data })
}
