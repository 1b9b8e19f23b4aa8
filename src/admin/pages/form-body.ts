import express, { type RequestHandler } from 'express'
import { AppError, invalid } from '../../core/errors.ts'

const LIMIT = '1mb'
const FILE = 'text/csv'
const FILE_LIMIT = '10mb'

/**
 * Reads a form before AdminJS does, and marks it as read so that AdminJS's own parser, which stores uploads of 200 MB,
 * never runs. Takes multipart, urlencoded and JSON fields; files are refused.
 */
export const formBody: RequestHandler[] = [
  // how large a body may be was looked at before; only a file that is imported may be larger than a form
  express.raw({ type: FILE, limit: FILE_LIMIT }),
  express.raw({ type: () => true, limit: LIMIT }),
  async (req, _res, next) => {
    const type = req.headers['content-type'] ?? ''
    const isForm = Buffer.isBuffer(req.body) && req.body.length > 0 && !type.startsWith(FILE)
    const fields = isForm ? await parse(req.body as Buffer, type) : {}
    const own = Object.fromEntries(Object.entries(fields).filter(([name]) => !(name in Object.prototype)))
    Object.assign(req, { fields: own, files: {}, express_formidable: { parsed: true } })
    next()
  },
]

async function parse(body: Buffer, type: string): Promise<Record<string, unknown>> {
  try {
    return type.startsWith('application/json') ? jsonFields(body) : await formFields(body, type)
  } catch (error) {
    throw error instanceof AppError ? error : invalid('The form could not be read. Load the page again and retry.')
  }
}

function jsonFields(body: Buffer): Record<string, unknown> {
  const fields = JSON.parse(body.toString('utf8')) as unknown
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
    throw invalid('The form could not be read: an object of fields is expected.')
  return fields as Record<string, unknown>
}

async function formFields(body: Buffer, type: string): Promise<Record<string, unknown>> {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()
  const entries = [...form.entries()]
  if (entries.some(([, value]) => typeof value !== 'string')) throw invalid('Files cannot be sent with this form.')
  return Object.fromEntries(entries)
}
