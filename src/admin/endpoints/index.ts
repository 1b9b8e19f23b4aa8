import type { Endpoint } from '../endpoints.ts'

/** Every address below /admin/api/panel, in the order in which they are tried. */
export const endpoints: readonly Endpoint[] = []
