import { resource } from '../core/declaration.ts'

export default resource('OrgSettings', {
  label: 'Settings',
  singular: 'Settings',
  title: [],
  list: [
    'platformFeeBps',
    'paymentHoldMin',
    'minNoticeMin',
    'maxAdvanceDays',
    'rescheduleCutoffMin',
    'payoutHoldHours',
    'refundApprovalOverCents',
  ],
  labels: {
    paymentHoldMin: 'Unpaid slot held',
    draftTtlMin: 'Draft lives',
    noShowGraceMin: 'Wait before no-show',
    rescheduleCutoffMin: 'Last moment to move',
    minNoticeMin: 'Notice for a booking',
    maxAdvanceDays: 'Days ahead',
    payoutHoldHours: 'Hours before payout',
    refundApprovalOverCents: 'Refund approval above',
    gpsRetentionDays: 'Days GPS is kept',
    lessonRecordRetentionYrs: 'Years lesson records are kept',
  },
})
