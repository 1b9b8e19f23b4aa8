import express, { type RequestHandler } from 'express'
import { AppError, invalid } from '../core/errors.ts'

const LIMIT = '1mb'

/**
 * Reads a form before AdminJS does, and marks it as read so that AdminJS's own parser, which stores uploads of 200 MB,
 * never runs. Takes multipart, urlencoded and JSON fields; files are refused.
 */
export const formBody: RequestHandler[] = [
  express.raw({ type: () => true, limit: LIMIT }),
  async (req, _res, next) => {
    const fields =
      Buffer.isBuffer(req.body) && req.body.length > 0 ? await parse(req.body, req.headers['content-type'] ?? '') : {}
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
