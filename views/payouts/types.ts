/** What stands between the school and one instructor. Cents. */
export interface InstructorBalance {
  instructorId: string
  instructor: string
  currency: string
  onboarding: string
  owedCents: number
  openCents: number
  heldCents: number
  comingBackCents: number
  debtCents: number
  paidCents: number
}

export interface StatementLine {
  id: string
  at: string
  what: string
  about: string | null
  lessonAt: string | null
  reference: string | null
  cents: number
  balanceCents: number
  isTransfer: boolean
}

export interface Statement {
  instructor: { id: string; title: string }
  from: string
  to: string
  currency: string
  openingCents: number
  lines: StatementLine[]
  closingCents: number
  earnedCents: number
  transferredCents: number
}

/** Where a payout's money is. */
export interface Standing {
  status: string
  obstacle: string | null
  debtCents: number
  currency: string
  transfer: string
  batch: { id: string; number: number; status: string } | null
  bank: { id: string; status: string; arrivesOn: string | null; failureReason: string | null } | null
}
