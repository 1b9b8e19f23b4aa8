import { auditors } from '../audit/entries.ts'
import type { Endpoint } from '../endpoints.ts'

const MOST = 20

/** Who of the platform is inside now, for those who may end it. */
export const visitors: Endpoint = {
  method: 'GET',
  path: '/visitors',
  roles: auditors,
  handle: async ({ ctx }) => {
    const [rows] = await ctx.db.select(ctx, [
      {
        text: `SELECT id, "operatorName", reason, "endsAt" FROM "OperatorAccess"
          WHERE "orgId" = $1::uuid AND "startedAt" > now() - interval '4 hours' AND "endsAt" > now() AND "endedAt" IS NULL
          ORDER BY "startedAt" DESC LIMIT ${MOST}`,
        values: [ctx.orgId],
        prepared: true,
      },
    ])
    return { visitors: rows!.map(([id, name, reason, until]) => ({ id, name, reason, until })) }
  },
}
