import type { DataImport } from '@prisma/client'
import { invalid, notFound } from '../../core/errors.ts'
import type { Endpoint } from '../endpoints.ts'
import type { View } from '../records/records.ts'
import { REFUSED_DAYS, refusedRows } from '../transfer/import-store.ts'
import { importable } from '../transfer/plan.ts'

const PER_PAGE = 50

/**
 * The rows of an import that became no records, each with the reason, beside its record: `?after=120` for those below row
 * 120. A reason may repeat what a cell said: whoever does not see all the fields that the file went into sees none of them.
 */
export const importRows: Endpoint = {
  method: 'GET',
  path: '/import-rows/:id',
  handle: async ({ ctx, views, id, query }) => {
    if (!views.has('DataImport')) throw notFound('There is no such page.')
    const after = Number(query.after ?? '0')
    if (!Number.isInteger(after) || after < 0 || after > 1e9) throw invalid('There is no such row in a file.', 'after')
    const found = await ctx.db.read(ctx, (client) =>
      client.dataImport.findFirst({
        where: { id: id(), orgId: ctx.orgId },
        include: { createdBy: { select: { fullName: true } } },
      }),
    )
    if (!found) throw notFound('There is no such import in your school.')
    const view = views.get(found.model)
    const isOwn = found.createdById === ctx.userId && view?.screen.imports !== undefined
    const open = isOwn ? found.model : null
    if (!isOwn && !seesAll(view, found))
      return { rows: [], next: null, sentence: closed(found.createdBy.fullName), open }
    const rows = await refusedRows(ctx, found.id, { after, limit: PER_PAGE + 1 })
    const shown = rows.slice(0, PER_PAGE)
    return {
      rows: shown.map(({ number, problem }) => ({ number, problem })),
      next: rows.length > PER_PAGE ? shown.at(-1)!.number : null,
      sentence: after === 0 && rows.length === 0 ? whyNone(found) : null,
      open,
    }
  },
}

/** Whether the role may bring in everything that this file brought. */
function seesAll(view: View | undefined, { mapping }: DataImport): boolean {
  const open = new Set((view ? importable(view) : []).map(({ name }) => name))
  return open.size > 0 && ((mapping ?? []) as (string | null)[]).every((name) => name === null || open.has(name))
}

const closed = (name: string): string =>
  `The reasons may hold what your role does not see. ${name}, who chose the file, sees them.`

const whyNone = ({ rowsRefused }: DataImport): string =>
  rowsRefused === 0 ? 'No row was refused.' : `Rows that were refused are kept for ${REFUSED_DAYS} days.`
