import { join } from 'node:path'

/** A path inside the project, wherever it is started from. */
export const root = (...path: string[]): string => join(import.meta.dirname, '../..', ...path)
