import { invalid } from '../../core/errors.ts'
import type { Endpoint, EndpointCall } from '../endpoints.ts'
import { previewUndo, undoRequest } from '../records/undo.ts'
import type { Undoing } from '../records/undo-refusals.ts'

/** What undoing a request would change: the question before it is done. */
export const undoPreview: Endpoint = {
  method: 'GET',
  path: '/undo',
  handle: async (call) => await previewUndo(call.ctx, undoingOf(call, call.query.request)),
}

/** Takes back what a request changed: one edit, or all of a bulk. */
export const undo: Endpoint = {
  method: 'POST',
  path: '/undo',
  handle: async (call) => {
    const { changes, count, of } = await undoRequest(call.ctx, undoingOf(call, call.body.request))
    const what = count === 1 ? changes[0]!.title : `${count} records`
    return { notice: { type: 'success', message: `The change of ${what} by ${of} is undone.` }, changes, count }
  },
}

function undoingOf({ views, role, admin }: EndpointCall, request: unknown): Undoing {
  if (typeof request !== 'string' || !/^[\w-]{1,100}$/.test(request))
    throw invalid('Choose a change to undo.', 'request')
  return { views, role, school: admin.school, request }
}
