import { migrationSql } from '../migrations.ts'
import { type PanelRole, may, panelRoles } from '../permissions.ts'
import { fieldOf, relationOf } from '../schema.ts'
import { isColumn } from './columns.ts'
import type { Declared } from './declared.ts'

interface Rights {
  readonly read?: readonly PanelRole[]
  readonly write?: readonly PanelRole[]
  readonly mask?: readonly PanelRole[]
  readonly lockedWhen?: unknown
  readonly lockedBy?: { readonly asks: string }
}

/** Who may see and change a column. */
export function fieldRightGaps(declared: Declared): string[] {
  const rights = Object.entries((declared.declaration.fields ?? {}) as Record<string, Rights>)
  return rights.flatMap(([name, right]) => {
    if (!isColumn(declared.model, name)) return [`${declared.here} has rights on ${name}, which is no column`]
    return [
      ...maskGaps(declared, name, right),
      ...writeGaps(declared, name, right),
      ...hiddenGaps(declared, name, right),
      ...lockGaps(declared, name, right),
    ]
  })
}

/** Its end says something of a text alone, and a title would say all of it. */
function maskGaps({ here, declaration, model }: Declared, name: string, { read, write, mask = [] }: Rights): string[] {
  if (mask.length === 0) return []
  const field = fieldOf(model, name)!
  const isText = field.type === 'String' && field.nativeType?.[0] !== 'Uuid' && !relationOf(model, name)
  const both = (roles: readonly PanelRole[] = []) => mask.filter((role) => roles.includes(role))
  const unseen = read ? mask.filter((role) => !read.includes(role)) : []
  return [
    ...(isText ? [] : [`${here} masks ${name}, which is no text: say who reads it instead`]),
    ...((declaration.title ?? []) as readonly string[])
      .filter((path) => path === name)
      .map(() => `${here} masks ${name}, which names the record: take it out of the title`),
    ...unseen.map((role) => `${here} masks ${name} for ${role}, who does not read it`),
    ...both(write).map((role) => `${here} masks ${name} for ${role}, who writes it`),
  ]
}

function writeGaps({ here, declaration, model }: Declared, name: string, rights: Rights): string[] {
  const written = (declaration.write as readonly string[] | undefined)?.includes(name) ?? true
  const field = fieldOf(model, name)!
  const isNeeded = field.isRequired && !field.hasDefaultValue && !field.isUpdatedAt
  const fills = (role: PanelRole) =>
    [rights.read, rights.write].every((roles) => roles?.includes(role) ?? true) && !rights.mask?.includes(role)
  const stuck = panelRoles.filter((role) => may(role, 'new', model.name) && !fills(role))
  return [
    ...(!written && (rights.write || rights.lockedWhen || rights.lockedBy)
      ? [`${here} says who writes ${name}, or when it is locked, but no form changes it: it is not in write`]
      : []),
    ...(isNeeded && written
      ? stuck.map((role) => `${here} keeps ${name} from ${role}, who then cannot add a record: it is always needed`)
      : []),
  ]
}

function lockGaps({ here, model }: Declared, name: string, { lockedBy }: Rights): string[] {
  if (!lockedBy || migrationSql().includes(`CREATE FUNCTION ${lockedBy.asks}(`)) return []
  return [`${here} locks ${name} by ${lockedBy.asks}, which no migration makes a function of "${model.name}"`]
}

/** An order or a tab by what some do not see would tell them. */
function hiddenGaps({ here, declaration }: Declared, name: string, { read, mask }: Rights): string[] {
  if (!read && !mask) return []
  const scopes = Object.entries((declaration.scopes ?? {}) as Record<string, { where: object }>)
  return [
    ...((declaration.sort?.by as string | undefined) === name
      ? [`${here} sorts by ${name}, which not everybody reads: choose another order`]
      : []),
    ...scopes
      .filter(([, { where }]) => name in where)
      .map(([scope]) => `${here} has the scope "${scope}" by ${name}, which not everybody reads`),
  ]
}
