import type pg from 'pg'
import type { Query } from '../../src/core/db.ts'

interface Node {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  'Rows Removed by Filter'?: number
  'Shared Hit Blocks'?: number
  'Shared Read Blocks'?: number
  'Actual Rows': number
  'Actual Loops': number
  Plans?: Node[]
}

/** How PostgreSQL runs a statement, and how long it takes to plan and to run. */
export interface Explained {
  readonly summary: string
  readonly ms: number
  /** Tables that are read from end to end. */
  readonly scanned: string[]
}

export async function explain(client: pg.Client, { text, values }: Query): Promise<Explained> {
  const { rows } = await client.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`, values)
  const [result] = rows[0]['QUERY PLAN'] as [{ Plan: Node; 'Planning Time': number; 'Execution Time': number }]
  const nodes = flat(result.Plan)
  const scans = nodes.filter((node) => node['Relation Name'] ?? node['Index Name'])
  const blocks = (result.Plan['Shared Hit Blocks'] ?? 0) + (result.Plan['Shared Read Blocks'] ?? 0)
  const times = `${result['Planning Time'].toFixed(2)} + ${result['Execution Time'].toFixed(2)} ms, ${blocks} pages`
  return {
    summary: `${times}; ${[...new Set(scans.map(describe))].join(', ')}`,
    ms: result['Planning Time'] + result['Execution Time'],
    scanned: nodes.filter((node) => node['Node Type'] === 'Seq Scan').map((node) => node['Relation Name']!),
  }
}

const flat = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(flat)]

function describe(node: Node): string {
  const removed = (node['Rows Removed by Filter'] ?? 0) * node['Actual Loops']
  const wasted = removed > 0 ? ` (${removed} rows thrown away)` : ''
  return `${node['Node Type']} ${node['Index Name'] ?? node['Relation Name']}${wasted}`
}
