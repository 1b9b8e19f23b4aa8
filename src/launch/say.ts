/** One line for the person who started the program. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** One line of the start: what, in a column of its own, and how it stands. */
export function step(what: string, state: string): void {
  say(`  ${what.padEnd(12)}${state}`)
}

/** Seconds since `begin` (as from performance.now()), for people. */
export function since(begin: number): string {
  return `${((performance.now() - begin) / 1000).toFixed(1)} s`
}
