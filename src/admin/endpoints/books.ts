import { may, panelRoles } from '../../core/permissions.ts'
import { disputesByDueDate, urgentMoney } from '../books/disputes.ts'
import { reconciliation } from '../books/reconciliation.ts'
import { statementFile } from '../books/statement-file.ts'
import { askStatement, requireRegistered, statementJson } from '../books/statement.ts'
import type { Endpoint, EndpointCall } from '../endpoints.ts'
import { asFile, send } from '../transfer/download.ts'

/** Who reads the books. */
export const bookkeepers = panelRoles.filter((role) => may(role, 'read', 'LedgerEntry'))

/** What of the money waits for somebody, in numbers. */
export const moneyToday: Endpoint = {
  method: 'GET',
  path: '/money/today',
  roles: bookkeepers,
  handle: async ({ ctx }) => await urgentMoney(ctx),
}

export const disputes: Endpoint = {
  method: 'GET',
  path: '/money/disputes',
  roles: bookkeepers,
  handle: async ({ ctx }) => await disputesByDueDate(ctx),
}

export const reconciled: Endpoint = {
  method: 'GET',
  path: '/money/reconciliation',
  roles: bookkeepers,
  handle: async ({ ctx }) => await reconciliation(ctx),
}

/** The quarter's goods and services tax: `?quarter=2026-10`, the one under way when none is named. */
export const statement: Endpoint = {
  method: 'GET',
  path: '/money/gst',
  roles: bookkeepers,
  handle: async ({ ctx, query }) => statementJson(await askStatement(ctx, query.quarter || undefined)),
}

/** The same as a file; who took what is in the audit log. */
export const statementExport: Endpoint = {
  method: 'POST',
  path: '/money/gst/export',
  roles: bookkeepers,
  handle: async (call) => {
    const { ctx, query, res, admin } = call
    const asked = await askStatement(ctx, query.quarter || undefined)
    const found = requireRegistered(asked)
    asFile(res, `${admin.school.name} GST ${asked.quarter.name}.csv`)
    await send(res, statementFile(found, asked), async ({ rows, sha256, isWhole }) => {
      const { salesCents, gstOnSalesCents, gstOnPurchasesCents } = found
      const boxes = { G1: salesCents, '1A': gstOnSalesCents, '1B': gstOnPurchasesCents }
      await record(call, { quarter: asked.quarter.key, ...boxes, rows, sha256, complete: isWhole })
    })
    return undefined
  },
}

async function record({ ctx }: EndpointCall, details: object): Promise<void> {
  const text = `SELECT audit_event($1::uuid, $2::uuid, 'org.exportGst', $3, $4, 'Org', $5, NULL, $6::jsonb)`
  const values = [ctx.orgId, ctx.userId, ctx.ip, ctx.requestId, ctx.orgId, JSON.stringify(details)]
  await ctx.db.select(ctx, [{ text, values }])
}
