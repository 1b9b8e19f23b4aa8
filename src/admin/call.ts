import type { ActionContext, ActionRequest } from 'adminjs'
import { type Context, currentContext } from '../core/context.ts'
import { AppError, InvalidForm } from '../core/errors.ts'
import type { CurrentAdmin } from './current-admin.ts'
import { type RecordJson, recordJson } from './records/record-json.ts'
import type { Row, School } from './records/selection.ts'
import { type Asked, Unconfirmed } from './records/warnings.ts'
import type { TenantResource } from './tenant-resource.ts'

export type Notice = { message: string; type: 'success' | 'error' | 'info' }
export type Fields = Record<string, unknown>

/** One request of AdminJS, in our terms. */
export interface Call {
  ctx: Context
  resource: TenantResource
  school: School
  payload: Fields
  query: Fields
  isPost: boolean
}

export function callOf(request: ActionRequest, context: ActionContext): Call {
  const admin = context.currentAdmin as unknown as CurrentAdmin
  return {
    ctx: currentContext(),
    resource: context.resource as unknown as TenantResource,
    school: admin.school,
    payload: (request.payload ?? {}) as Fields,
    query: (request.query ?? {}) as Fields,
    isPost: request.method === 'post',
  }
}

/** What was typed comes back with the sentence beside its field; what is not about a field is said above the form. */
export async function answered<T>(call: Call, row: Row, work: () => Promise<T>): Promise<T | Refused> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return refused(call, row, error)
  }
}

/** A form that was not saved; `asked` when somebody first has to see what it would do. */
export interface Refused {
  record: RecordJson
  notice: Notice
  asked?: Asked
}

export function refused(call: Call, row: Row, error: AppError): Refused {
  const open = call.resource.view.properties.filter((one) => one.writable && Object.hasOwn(call.payload, one.name))
  const typed = Object.fromEntries(open.map((one) => [one.name, call.payload[one.name]]))
  return {
    record: recordJson(call.resource, { ...row, params: { ...row.params, ...typed } }, fieldErrors(call, error)),
    notice: { message: error.message, type: 'error' },
    ...(error instanceof Unconfirmed ? { asked: error.asked } : {}),
  }
}

function fieldErrors({ resource }: Call, error: AppError): RecordJson['errors'] {
  const errors = error instanceof InvalidForm ? error.errors : [error]
  return Object.fromEntries(
    errors.flatMap(({ field, code, message }) => {
      const property = resource.view.properties.find((one) => one.column === field || one.name === field)
      return property ? [[property.name, { type: code, message }]] : []
    }),
  )
}

export const success = (message: string): Notice => ({ message, type: 'success' })

export const listUrl = (call: Call): string => `/admin/resources/${call.resource.view.screen.model.name}`
