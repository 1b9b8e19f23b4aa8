import { z } from 'zod'
import { AppError, invalid } from '../../core/errors.ts'
import { Parameters } from './conditions.ts'
import { parseListRequest } from './list-request.ts'
import { type Tenant, listCondition } from './page.ts'
import type { View } from '../records/records.ts'

const text = z.string().max(500)

/** How a list is looked at, in the words of its address. */
const settingsSchema = z
  .strictObject({
    filters: z.record(z.string().max(100), text).refine((filters) => Object.keys(filters).length <= 50),
    scope: text,
    q: text,
    sortBy: text,
    direction: z.enum(['asc', 'desc']),
    columns: z.array(z.string().max(100)).min(1).max(30),
  })
  .partial()

export type ViewSettings = z.output<typeof settingsSchema>

/** @throws AppError Invalid when they are none, or ask for something that this role's list does not have */
export function parseSettings(view: View, tenant: Tenant, raw: unknown): ViewSettings {
  const { data } = settingsSchema.safeParse(typeof raw === 'string' ? jsonOf(raw) : raw)
  if (!data) throw invalid('This view cannot be read. Set up the list again and save it once more.', 'settings')
  check(view, tenant, data)
  return data
}

/** What of stored settings the role may apply, and whether that is less than all. */
export function applicable(view: View, tenant: Tenant, stored: unknown): { settings: ViewSettings; isPart: boolean } {
  const { data = {} } = settingsSchema.safeParse(stored)
  const { filters = {}, scope, q, sortBy, direction, columns } = data
  const takes = (part: ViewSettings): boolean => isTaken(view, tenant, part)
  const kept = Object.entries(filters).filter(([key, value]) => takes({ filters: { [key]: value } }))
  const shown = columns?.filter((name) => takes({ columns: [name] }))
  const order = sortBy !== undefined && takes({ sortBy }) ? { sortBy, ...(direction && { direction }) } : {}
  const settings: ViewSettings = {
    ...(kept.length > 0 && { filters: Object.fromEntries(kept) }),
    ...(scope !== undefined && takes({ scope }) && { scope }),
    ...(q !== undefined && takes({ q }) && { q }),
    ...order,
    ...(shown && shown.length > 0 && { columns: shown }),
  }
  return { settings, isPart: sizeOf(settings) < sizeOf(data) }
}

const sizeOf = ({ filters = {}, columns = [], ...rest }: ViewSettings): number =>
  Object.keys(filters).length + columns.length + Object.keys(rest).length

function isTaken(view: View, tenant: Tenant, part: ViewSettings): boolean {
  try {
    check(view, tenant, part)
    return true
  } catch (error) {
    if (error instanceof AppError) return false
    throw error
  }
}

/** As the list itself would: names first, then values. */
function check(view: View, tenant: Tenant, settings: ViewSettings): void {
  listCondition(view, parseListRequest(view, queryOf(settings)), tenant, new Parameters())
}

function queryOf({ filters = {}, columns, ...rest }: ViewSettings): Record<string, string> {
  const named = Object.entries(filters).map(([key, value]) => [`filters.${key}`, value])
  return { ...rest, ...Object.fromEntries(named), ...(columns && { columns: columns.join(',') }) } as Record<
    string,
    string
  >
}

function jsonOf(raw: string): unknown {
  try {
    return JSON.parse(raw) as unknown
  } catch {
    return undefined
  }
}
