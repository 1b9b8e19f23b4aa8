import { resource } from '../core/declaration.ts'

export default resource('OrgSettings', {
  label: 'Settings',
  singular: 'Settings',
  title: ['org.name'],
  list: [
    'platformFeeBps',
    'paymentHoldMin',
    'minNoticeMin',
    'maxAdvanceDays',
    'payoutHoldHours',
    'refundApprovalOverCents',
  ],
  // the platform's fee is agreed with the platform
  write: [
    'paymentHoldMin',
    'draftTtlMin',
    'noShowGraceMin',
    'rescheduleCutoffMin',
    'rescheduleFeeCents',
    'minNoticeMin',
    'maxAdvanceDays',
    'payoutHoldHours',
    'refundApprovalOverCents',
    'gpsRetentionDays',
    'lessonRecordRetentionYrs',
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
