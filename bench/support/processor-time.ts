import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Linux counts in hundredths of a second. */
const TICKS_PER_SECOND = 100

/** What workers and PostgreSQL have used of the processors so far, in seconds; nothing where the system does not tell. */
export interface ProcessorTime {
  readonly workers: number
  readonly server: number
}

export function processorTime(dataDir: string, workers: readonly number[]): ProcessorTime | undefined {
  if (!existsSync('/proc/self/stat')) return undefined
  const postmaster = Number(readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0])
  const all = processes()
  const backends = all.filter(({ parent }) => parent === postmaster)
  const own = all.find(({ pid }) => pid === postmaster)
  const sum = (found: readonly Seen[]) => found.reduce((total, { used }) => total + used, 0) / TICKS_PER_SECOND
  return {
    workers: sum(all.filter(({ pid }) => workers.includes(pid))),
    server: sum(backends) + ((own?.used ?? 0) + (own?.ended ?? 0)) / TICKS_PER_SECOND,
  }
}

interface Seen {
  readonly pid: number
  readonly parent: number
  /** Ticks of its own. */
  readonly used: number
  /** Ticks of its children that have ended. */
  readonly ended: number
}

function processes(): Seen[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      // what follows the name in brackets: state, parent, …; see proc(5)
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)!.split(' ')
      const ticks = (from: number) => Number(fields[from]) + Number(fields[from + 1])
      return [{ pid: Number(name), parent: Number(fields[1]), used: ticks(11), ended: ticks(13) }]
    } catch {
      // it has just ended
      return []
    }
  })
}
