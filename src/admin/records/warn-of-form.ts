import type { Call } from '../call.ts'
import { changedData, delegate, newData } from './records.ts'
import { AGREED, deleted, warn } from './warnings.ts'

/** @throws Unconfirmed when a new record concerns bookings that nobody has seen yet */
export async function warnOfNew({ ctx, resource: { view }, payload, school }: Call): Promise<void> {
  if (!view.screen.warns) return
  const data = await newData(ctx, view, { payload, school })
  await warn(ctx, view, {
    ids: [],
    make: async (tx) => [(await delegate(tx, view).create({ data, select: { id: true } })).id],
    agreed: payload[AGREED],
  })
}

/** @throws Unconfirmed when the change concerns bookings that nobody has seen yet */
export async function warnOfEdit({ ctx, resource: { view }, payload, school }: Call, id: string): Promise<void> {
  if (!view.screen.warns) return
  const data = await changedData(ctx, view, { payload, school })
  const where = { id, orgId: ctx.orgId }
  await warn(ctx, view, {
    ids: [id],
    make: async (tx) => {
      await delegate(tx, view).updateMany({ where, data })
      return []
    },
    agreed: payload[AGREED],
  })
}

/** @throws Unconfirmed when what is deleted concerns bookings that nobody has seen yet */
export async function warnOfDeletion(
  { ctx, resource: { view }, payload }: Call,
  ids: readonly string[],
): Promise<void> {
  await warn(ctx, view, { ids, make: (tx) => deleted(ctx, view, { tx, ids }), agreed: payload[AGREED] })
}
