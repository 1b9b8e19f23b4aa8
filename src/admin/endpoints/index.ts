import type { Endpoint } from '../endpoints.ts'
import { accessReview, accessReviewFile, confirmAccessReview } from './access-review.ts'
import { approvalCount, approvals } from './approvals.ts'
import { asOf } from './as-of.ts'
import { auditFile, auditManifest, auditSearch, auditStory } from './audit.ts'
import { disputes, moneyToday, reconciled, statement, statementExport } from './books.ts'
import { calendar, queue, queueCounts, slots, today } from './board.ts'
import { evidencePackOfDispute } from './disputes.ts'
import { drives } from './drives.ts'
import { deletedRecord } from './deleted.ts'
import { exportOfList } from './export.ts'
import { find } from './find.ts'
import { importRows } from './import-rows.ts'
import { importEndpoints } from './import.ts'
import { jobs } from './jobs.ts'
import { listCounts } from './list-counts.ts'
import { matchingAction, matchingForm } from './matching.ts'
import { messagePreview, templatePreview } from './messages.ts'
import { instructorStatement, instructorStatementFile, payoutBalances, payoutStanding } from './payouts.ts'
import { run, runAgain } from './run.ts'
import { lessonRegister, personalDataExport, retentionPreview, retentionRun } from './privacy.ts'
import { savedViews } from './saved-views.ts'
import { related } from './related.ts'
import { timeline } from './timeline.ts'
import { undo, undoPreview } from './undo.ts'
import { visitors } from './visitors.ts'
import { saveWorkingWeek, workingWeek } from './working-week.ts'

/** Every address below /admin/api/panel, in the order in which they are tried. */
export const endpoints: readonly Endpoint[] = [
  exportOfList,
  matchingForm,
  matchingAction,
  run,
  runAgain,
  approvalCount,
  approvals,
  listCounts,
  ...savedViews,
  find,
  timeline,
  asOf,
  deletedRecord,
  related,
  drives,
  undoPreview,
  undo,
  ...importEndpoints,
  messagePreview,
  templatePreview,
  importRows,
  today,
  calendar,
  slots,
  queueCounts,
  queue,
  workingWeek,
  saveWorkingWeek,
  jobs,
  moneyToday,
  disputes,
  evidencePackOfDispute,
  reconciled,
  statement,
  statementExport,
  payoutBalances,
  payoutStanding,
  instructorStatement,
  instructorStatementFile,
  auditSearch,
  auditStory,
  auditManifest,
  auditFile,
  personalDataExport,
  retentionPreview,
  retentionRun,
  lessonRegister,
  visitors,
  accessReview,
  accessReviewFile,
  confirmAccessReview,
]
