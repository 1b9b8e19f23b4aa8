// Loaded before a worker: its clock is off by CLOCK_MS.
const now = Date.now
const offset = Number(process.env.CLOCK_MS)
Date.now = () => now() + offset
const RealDate = Date
globalThis.Date = class extends RealDate {
  constructor(...given: [] | [string | number | Date]) {
    super(...((given.length === 0 ? [now() + offset] : given) as [number]))
  }
  static override now = () => now() + offset
} as DateConstructor
