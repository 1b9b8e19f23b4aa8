import { z } from '../../core/action.ts'

/** How the school gets money that no card brings, in words. */
export const handedOver = { cash: 'Cash', bank_transfer: 'Bank transfer' } as const

/** What is asked of whoever records such money. */
export const handedOverForm = z.object({
  method: z.enum(['cash', 'bank_transfer']).meta({ label: 'Paid by', values: handedOver }),
})
