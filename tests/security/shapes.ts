import { randomUUID } from 'node:crypto'
import { panelRoles } from '../../src/core/permissions.ts'
import { type Model, models } from '../../src/core/schema.ts'
import { type Attack, type Case, api } from './cases.ts'
import { type Ask, jsonBody } from './wire.ts'

const ACTIONS = [
  'list',
  'search',
  'show',
  'new',
  'edit',
  'delete',
  'bulkDelete',
  'LIST',
  'constructor',
  '__proto__',
  '',
]
const SHAPES = [
  (model: string, action: string) => api(model, `actions/${action}`),
  (model: string, action: string) => api(model, `actions/${action}/x`),
  (model: string, action: string, id: string) => api(model, `records/${id}/${action}`),
  (model: string, action: string) => api(model, `records/x/${action}`),
  (model: string, action: string, id: string) => api(model, `bulk/${action}?recordIds=${id}`),
  (model: string, action: string) => api(model, `bulk/${action}`),
  (model: string, action: string) => api(model, `search/${action}`),
  (model: string, action: string, id: string) => `/admin/resources/${model}/records/${id}/${action}`,
  (model: string, action: string, id: string) => `/admin/resources/${model}/bulk/${action}?recordIds=${id}`,
  (model: string, action: string) => `/admin/resources/${model}/actions/${action}`,
]

/** Every action on every kind of address, by every method; of a record that is nowhere, so that nothing may happen. */
export const allShapes: readonly { readonly ask: (model: string) => Ask }[] = ACTIONS.flatMap((action) =>
  SHAPES.flatMap((shape) =>
    ['GET', 'POST'].map((method) => ({
      ask: (model: string) => ({
        path: shape(model, action, randomUUID()),
        method,
        ...(method === 'POST' ? jsonBody({}) : {}),
      }),
    })),
  ),
)

const SHAPES_EACH = 5

/** A share of all shapes, which together come round several times; what the gate does with all of them is tested without HTTP. */
export function shapes({ actor }: Attack, model: Model): Case[] {
  const place = [...models.keys()].indexOf(model.name) * panelRoles.length + panelRoles.indexOf(actor.role)
  return Array.from({ length: SHAPES_EACH }, (_, n) => allShapes[(place * SHAPES_EACH + n) % allShapes.length]!).map(
    ({ ask }) => ({
      actor,
      ask: ask(model.name),
    }),
  )
}
