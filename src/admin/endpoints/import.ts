import type { DataImport } from '@prisma/client'
import runImport from '../../jobs/run-import.ts'
import { invalid, notFound } from '../../core/errors.ts'
import { dayOf } from '../../core/time.ts'
import type { Endpoint, EndpointCall } from '../endpoints.ts'
import { decode } from '../transfer/decode-file.ts'
import { asFile, send } from '../transfer/download.ts'
import { guessColumns } from '../transfer/guess-columns.ts'
import { importJson, targetJson } from '../transfer/import-json.ts'
import { beginCheck, beginRun, readImport, storeImport } from '../transfer/import-store.ts'
import { importable, planOf } from '../transfer/plan.ts'
import { readTable } from '../transfer/read-table.ts'
import { refusedFile } from '../transfer/refused-file.ts'

const MAX_NAME = 200

/** What a file may bring into the list. */
export const importTarget: Endpoint = {
  method: 'GET',
  path: '/import/:model',
  operation: 'import',
  handle: async (call) => targetJson(seenBy(call)),
}

/** The bytes of a file, and its name as `?name=`. */
export const importFile: Endpoint = {
  method: 'POST',
  path: '/import/:model',
  operation: 'import',
  handle: async (call) => {
    const seen = seenBy(call)
    const { ctx, params, query, req } = call
    const { text, encoding } = decode(Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0))
    const table = await readTable(text)
    const mapping = guessColumns(table.header, importable(seen))
    const fileName = (query.name ?? '').slice(0, MAX_NAME) || 'file.csv'
    const id = await storeImport(ctx, { model: params.model!, fileName, encoding, table, mapping })
    return await answer(call, await readImport(ctx, params.model!, id))
  },
}

/** Where an import stands; asked again while it is being worked on. */
export const importState: Endpoint = {
  method: 'GET',
  path: '/import/:model/:id',
  operation: 'import',
  handle: async (call) => await answer(call, await found(call)),
}

/** Looks at all rows with this mapping: the names of fields, in the order of the columns. */
export const importCheck: Endpoint = {
  method: 'POST',
  path: '/import/:model/:id/check',
  operation: 'import',
  handle: async (call) => {
    const one = await found(call)
    const mapping = mappingOf(call.body.mapping, (one.header as string[]).length)
    // said at once, not by a worker later
    planOf(seenBy(call), mapping, call.admin.school)
    await beginCheck(call.ctx, one, { step: runImport, mapping })
    return await answer(call, await found(call))
  },
}

/** Writes what can be written. */
export const importStart: Endpoint = {
  method: 'POST',
  path: '/import/:model/:id/start',
  operation: 'import',
  handle: async (call) => {
    await beginRun(call.ctx, await found(call), runImport)
    return await answer(call, await found(call))
  },
}

/** The rows that cannot be imported, each with its reason, to be corrected and imported again. */
export const importRefused: Endpoint = {
  method: 'GET',
  path: '/import/:model/:id/refused',
  operation: 'import',
  handle: async (call) => {
    const one = await found(call)
    const name = one.fileName.replace(/\.\w{1,5}$/, '')
    asFile(call.res, `${name} not imported ${dayOf(new Date(), call.admin.school.timeZone)}.csv`)
    await send(call.res, refusedFile(call.ctx, one), async () => {})
    return undefined
  },
}

export const importEndpoints = [importTarget, importFile, importState, importCheck, importStart, importRefused]

function seenBy(call: EndpointCall) {
  const { screens, screen } = call.view()
  if (!screen.imports) throw notFound('Nothing can be imported into this list.')
  return { screens, screen }
}

const found = (call: EndpointCall): Promise<DataImport> => readImport(call.ctx, call.params.model!, call.id())

const answer = (call: EndpointCall, one: DataImport) => importJson(call.ctx, seenBy(call), one)

function mappingOf(mapping: unknown, columns: number): (string | null)[] {
  const isName = (name: unknown) => name === null || typeof name === 'string'
  if (!Array.isArray(mapping) || mapping.length !== columns || !mapping.every(isName))
    throw invalid('Say for every column of the file where it goes, or that it is left out.', 'mapping')
  return mapping
}
