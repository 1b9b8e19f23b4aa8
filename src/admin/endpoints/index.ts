import type { Endpoint } from '../endpoints.ts'
import { asOf } from './as-of.ts'
import { calendar, queue, queueCounts, slots, today } from './board.ts'
import { exportOfList } from './export.ts'
import { find } from './find.ts'
import { importEndpoints } from './import.ts'
import { listCounts } from './list-counts.ts'
import { matchingAction, matchingForm } from './matching.ts'
import { run } from './run.ts'
import { savedViews } from './saved-views.ts'
import { related } from './related.ts'
import { timeline } from './timeline.ts'
import { undo, undoPreview } from './undo.ts'

/** Every address below /admin/api/panel, in the order in which they are tried. */
export const endpoints: readonly Endpoint[] = [
  exportOfList,
  matchingForm,
  matchingAction,
  run,
  listCounts,
  ...savedViews,
  find,
  timeline,
  asOf,
  related,
  undoPreview,
  undo,
  ...importEndpoints,
  today,
  calendar,
  slots,
  queueCounts,
  queue,
]
