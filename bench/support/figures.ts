/** One measured figure, as `npm run bench` prints it: a line of JSON. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: 'ms' | 's' | 'rows/s' | 'requests/s' | 'bytes' | 'kB' | 'MB' | 'requests' | '×'
  /** The value divided by the same figure of `against`. */
  readonly ratio?: number
  readonly against?: string
}

/** Prints a figure on stdout, where nothing else is printed. */
export function report(figure: Figure): void {
  const rounded = { ...figure, value: round(figure.value) }
  console.log(JSON.stringify(figure.ratio === undefined ? rounded : { ...rounded, ratio: round(figure.ratio) }))
}

/** Says what is being done, on stderr. */
export const progress = (line: string): void => console.error(line)

/** Three digits that count; whole numbers stay whole. */
const round = (value: number): number => (Number.isInteger(value) ? value : Number(value.toPrecision(3)))

export const median = (values: readonly number[]): number => quantile(values, 0.5)

/** @param share 0.95 for the value that 95 % do not exceed */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new Error('nothing was measured')
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
}
