import type { Prisma } from '@prisma/client'
import type { UnitOfWork } from './unit-of-work.ts'

/** Locks a row of the school until the end of the transaction; what is read of it after this stays. */
export async function lockRow({ tx, orgId }: UnitOfWork, model: Prisma.ModelName, id: string): Promise<void> {
  await tx.$queryRawUnsafe(`SELECT 1 FROM "${model}" WHERE id = $1::uuid AND "orgId" = $2::uuid FOR UPDATE`, id, orgId)
}
