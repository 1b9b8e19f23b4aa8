import type { Context } from '../../core/context.ts'
import type { Declaration } from '../../core/declaration.ts'
import { discover } from '../../core/discover.ts'
import { forbidden } from '../../core/errors.ts'
import { type PanelRole, decide } from '../../core/permissions.ts'
import { screensFor } from '../role-screens.ts'
import { type Screen, buildScreens, screenOf } from '../screen.ts'
import type { Import } from './import-store.ts'
import { type Plan, planOf, schoolOf } from './plan.ts'

let screens: Promise<ReadonlyMap<string, Screen>> | undefined

/** How an import's rows become records, with the rights of who wanted it. @throws AppError Forbidden without them */
export async function planOfImport(ctx: Context, { model, mapping }: Import): Promise<Plan> {
  const decision = decide(ctx.role!, 'import', model)
  if (!decision.allowed) throw forbidden(decision.rule)
  screens ??= discover<Declaration>('resources').then((found) => buildScreens(found.map(({ value }) => value)))
  const own = screensFor(await screens, ctx.role as PanelRole)
  return planOf({ screens: own, screen: screenOf(own, model) }, mapping as (string | null)[], await schoolOf(ctx))
}
