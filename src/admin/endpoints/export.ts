import { dayOf } from '../../core/time.ts'
import type { Endpoint, EndpointCall } from '../endpoints.ts'
import { parseListRequest } from '../lists/list-request.ts'
import { type Sent, asFile, send } from '../transfer/download.ts'
import { exportList } from '../transfer/export-list.ts'

/** The list with its filters, tab, order and columns as a file for a spreadsheet; who took what is in the audit log. */
export const exportOfList: Endpoint = {
  method: 'POST',
  path: '/export/:model',
  handle: async (call) => {
    const { ctx, query, res } = call
    const view = call.view()
    const { school } = call.admin
    const request = parseListRequest(view, query)
    const { columns, file } = await exportList(ctx, view, { request, school })
    asFile(res, `${school.name} ${view.screen.label} ${dayOf(new Date(), school.timeZone)}.csv`)
    await send(res, file, (sent) => record(call, columns, sent))
    return undefined
  },
}

async function record(
  { ctx, query, params }: EndpointCall,
  columns: readonly string[],
  { rows, sha256, isWhole }: Sent,
): Promise<void> {
  const model = params.model!
  const asked = Object.fromEntries(
    Object.entries(query).filter(([name]) => !['page', 'perPage', 'cursor'].includes(name)),
  )
  const details = { list: asked, columns, rows, sha256, complete: isWhole }
  const action = `${model.charAt(0).toLowerCase()}${model.slice(1)}.export`
  await ctx.db.select(ctx, [
    {
      text: 'SELECT audit_event($1::uuid, $2::uuid, $3, $4, $5, $6, $7, NULL, $8::jsonb)',
      values: [ctx.orgId, ctx.userId, action, ctx.ip, ctx.requestId, model, ctx.requestId, JSON.stringify(details)],
    },
  ])
}
