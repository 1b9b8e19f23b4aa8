import { createHash } from 'node:crypto'
import { nowOf } from '../../core/context.ts'
import { dayOf } from '../../core/time.ts'
import { readCase } from '../../domain/disputes/read-case.ts'
import type { Endpoint, EndpointCall } from '../endpoints.ts'
import { evidencePack, type Pack } from '../evidence/pack.ts'
import { asFile } from '../transfer/download.ts'

/** Who answers banks; what they need for it they get here, and only here: positions and messages included. */
export const answerers = ['owner', 'finance'] as const

/** The evidence of a dispute as a zip. It holds where a learner was and what was written: who took it is in the audit log. */
export const evidencePackOfDispute: Endpoint = {
  method: 'POST',
  path: '/disputes/:id/evidence-pack',
  roles: answerers,
  handle: async (call) => {
    const { ctx, res } = call
    const found = await ctx.db.transaction(ctx, (tx) => readCase({ ...ctx, tx }, call.id()))
    const now = nowOf(ctx)
    const pack = evidencePack(found, now)
    await record(call, pack)
    asFile(res, `Dispute ${found.student.fullName} ${dayOf(now, found.org.timeZone)}.zip`)
    res.set('Content-Type', 'application/zip').send(Buffer.from(pack.bytes))
    return undefined
  },
}

/** Nobody gets a pack that is not recorded. */
async function record({ ctx, id }: EndpointCall, { bytes, files, positions }: Pack): Promise<void> {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const details = JSON.stringify({ files, positions, sha256 })
  const text = `SELECT audit_event($1::uuid, $2::uuid, 'dispute.takeEvidence', $3, $4, 'Dispute', $5, NULL, $6::jsonb)`
  await ctx.db.select(ctx, [{ text, values: [ctx.orgId, ctx.userId, ctx.ip, ctx.requestId, id(), details] }])
}
