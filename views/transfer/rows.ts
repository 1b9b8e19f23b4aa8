import { formatNumber } from '../format.ts'

/** "1 row", "9,963 rows". */
export const rowsInWords = (count: number): string => `${formatNumber(count)} ${count === 1 ? 'row' : 'rows'}`
