/** What the pages of the books are told (src/admin/books). */

export interface Dispute {
  id: string
  status: 'warning' | 'needs_response' | 'under_review' | 'won' | 'lost' | 'closed'
  reason: string
  learner: string
  lessonAt: string | null
  amountCents: number
  currency: string
  evidenceDueBy: string | null
  /** Below zero: it is too late. */
  hoursLeft: number | null
  openedAt: string
  closedAt: string | null
  answer: 'evidence' | 'accept' | null
  answeredAt: string | null
  failureCode: string | null
  paymentId: string
}

export interface Disputes {
  toAnswer: Dispute[]
  atBank: Dispute[]
  decided: Dispute[]
}

export interface Gap {
  id: string
  kind: string
  description: string
  day: string
  currency: string
  differenceCents: number
  about: { model: string; id: string } | null
}

export interface Run {
  id: string
  createdAt: string
  coversFrom: string
  coversUntil: string
  movements: number
  stripeCents: number
  ledgerCents: number
  exceptions: number
  by: string | null
  days: { day: string; movements: number; stripeCents: number; ledgerCents: number }[]
}

export interface Reconciliation {
  open: Gap[]
  count: number
  runs: Run[]
}

export interface Statement {
  quarter: { key: string; name: string }
  quarters: { key: string; name: string }[]
  registered: boolean
  currency?: string
  salesCents?: number
  gstOnSalesCents?: number
  gstOnPurchasesCents?: number
  owedCents?: number
  parts: { name: string; count: number; amountCents: number; gstCents: number }[]
}

/** How much waits for somebody. */
export interface Urgent {
  disputes: number
  /** When the first of them is due. */
  dueBy: string | null
  exceptions: number
  refunds: number
  failedPayouts: number
  failedRefunds: number
  batches: number
}
