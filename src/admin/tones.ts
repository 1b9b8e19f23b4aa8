export type Tone = 'info' | 'success' | 'danger' | 'warning' | 'default'

/** What colour a state has, the same on every screen: done well, went wrong, waits for somebody, is on its way. */
const tones: Record<Exclude<Tone, 'default'>, readonly string[]> = {
  success: [
    'completed',
    'succeeded',
    'paid',
    'active',
    'verified',
    'approved',
    'delivered',
    'processed',
    'won',
    'done',
    'sent',
    'accepted',
  ],
  danger: [
    'failed',
    'rejected',
    'lost',
    'revoked',
    'no_show',
    'dead',
    'suspended',
    'major',
    'needs_response',
    'partially_failed',
    'reversed',
    'refused',
    'bounced',
    'complained',
  ],
  warning: [
    'in_doubt',
    'deferred',
    'not_sent',
    'pending',
    'pending_payment',
    'pending_approval',
    'requested',
    'held',
    'unknown',
    'requires_action',
    'submitted',
    'warning',
    'minor',
    'open',
    'invited',
    'partially_refunded',
    'partially_reversed',
    'trial',
  ],
  info: [
    'confirmed',
    'in_progress',
    'processing',
    'submitting',
    'scheduled',
    'under_review',
    'investigating',
    'queued',
    'batched',
    'received',
    'intent_created',
  ],
}

/** The tones of those values that have one; the others are plain. */
export const tonesOf = (values: string[]): Record<string, Tone> =>
  Object.fromEntries(
    values.flatMap((value) =>
      Object.entries(tones).flatMap(([tone, named]) => (named.includes(value) ? [[value, tone as Tone]] : [])),
    ),
  )
