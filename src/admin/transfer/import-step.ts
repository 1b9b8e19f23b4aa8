import { z } from 'zod'

/** A step of an import; a job of an earlier generation has been overtaken and stops. */
export const importStep = z.object({ importId: z.uuid(), generation: z.int() })
export type ImportStep = typeof importStep
