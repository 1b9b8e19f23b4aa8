import type { ActionContext, ActionHandler, ActionRequest } from 'adminjs'
import { MOST_RECORDS } from '../../core/action.ts'
import type { Context } from '../../core/context.ts'
import type { Offered } from './catalogue.ts'
import { type Call, answerTo, formOf } from './offer.ts'
import { callOf } from '../call.ts'
import { Parameters } from '../lists/conditions.ts'
import { parseListRequest } from '../lists/list-request.ts'
import { listCondition } from '../lists/page.ts'
import { recordJson } from '../records/record-json.ts'
import type { View } from '../records/records.ts'
import type { School } from '../records/selection.ts'
import type { PanelRecord } from '../tenant-resource.ts'

/** AdminJS's handler of an action: GET opens its form, POST shows what would happen or does it. */
export function actionHandler(offered: Offered): ActionHandler<never> {
  const handle = async (request: ActionRequest, _response: unknown, context: ActionContext) => {
    const { ctx, resource, school, payload, isPost } = callOf(request, context)
    const record = (context.record as unknown as PanelRecord | undefined)?.row
    const rows = record ? [record] : ((context.records ?? []) as unknown as PanelRecord[]).map(({ row }) => row)
    const call: Call = { ctx, school, view: resource.view, offered, ids: rows.map(({ id }) => id) }
    return {
      // AdminJS insists on getting back what it has handed on
      ...(record ? { record: recordJson(resource, record) } : { records: [] }),
      ...(isPost ? { answer: await answerTo(call, payload) } : { form: await formOf(call) }),
    }
  }
  return handle as unknown as ActionHandler<never>
}

/** The ids of everything that a list shows under its filters; one more than may be changed at once tells that it is too much. */
export async function matching(
  ctx: Context,
  view: View,
  { query, school }: { query: Record<string, unknown>; school: School },
): Promise<string[]> {
  const parameters = new Parameters()
  const tenant = { orgId: ctx.orgId, zone: school.timeZone }
  const where = listCondition(view, parseListRequest(view, query), tenant, parameters)
  const text = `SELECT b.id FROM "${view.screen.model.name}" b WHERE ${where} ORDER BY b.id LIMIT ${MOST_RECORDS + 1}`
  const [rows] = await ctx.db.select(ctx, [{ text, values: parameters.values }])
  return rows!.map(([id]) => id as string)
}
