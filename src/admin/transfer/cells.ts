/** What a spreadsheet would take for a formula, or for the end of the cell. */
const DANGEROUS = /^'*[=+\-@\t\r\n＝＋－＠]/

const NUMBER = /^-?\d+(\.\d+)?$/

/** The text of a cell so that no spreadsheet runs it: an apostrophe in front keeps it text. Numbers stay numbers. */
export const neutralised = (text: string): string => (DANGEROUS.test(text) && !NUMBER.test(text) ? `'${text}` : text)

/** What `neutralised` was given. */
export const restored = (cell: string): string => (cell.startsWith("'") && DANGEROUS.test(cell) ? cell.slice(1) : cell)

/** A formula, also one that hides behind a sign: `+cmd|' /C calc'!A0`. `+61 (0)491 570 156` and `-33.86` are none. */
export const isFormula = (cell: string): boolean =>
  /^\s*[=＝]/.test(cell) || (/^\s*[+\-@＋－＠].*[(|!]/.test(cell) && !/^\s*[+-][\d\s()./-]*$/.test(cell))
