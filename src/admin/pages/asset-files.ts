import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Request, RequestHandler, Response } from 'express'

/** Where the browser asks for the panel's files. */
export const PREFIX = '/admin/frontend/assets/'

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** A file on disk beside its compressed forms (`.br`, `.gz`). */
export interface Stored {
  /** With the hash of the content before the first dot: `app.3f9c2a….bundle.js`. */
  name: string
}

/** A stored file in memory. */
export interface Served {
  type: string
  /** With the hash of the content. */
  name: string
  encodings: Record<'br' | 'gzip' | 'identity', Buffer>
}

// the densest, which takes seconds for AdminJS's own scripts: once, as long as they are the same
const BROTLI_QUALITY = 11

/** Writes a file under a name that changes with its content, plain and compressed; what is there already is right. */
export async function store(folder: string, plain: string, content: Buffer): Promise<Stored> {
  // what is packed otherwise is another file
  const made = createHash('sha256').update(String(BROTLI_QUALITY)).update(content)
  const hash = made.digest('base64url').replaceAll(/[_-]/g, '').slice(0, 12)
  const name = plain.replace('.', `.${hash}.`)
  const path = join(folder, name)
  if (![path, `${path}.br`, `${path}.gz`].every((each) => existsSync(each))) {
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    }
    const [brotli, gzipped] = await Promise.all([
      promisify(brotliCompress)(content, { params }),
      promisify(gzip)(content, { level: 9 }),
    ])
    await Promise.all([writeWhole(path, content), writeWhole(`${path}.br`, brotli), writeWhole(`${path}.gz`, gzipped)])
  }
  return { name }
}

/** A file under its name is a whole one, whenever the program was stopped. */
export async function writeWhole(path: string, content: Buffer | string): Promise<void> {
  const draft = `${path}.${process.pid}.draft`
  await writeFile(draft, content)
  await rename(draft, path)
}

/** Stored files in memory, by the names they are asked for: with the hash, and AdminJS's own without it. */
export async function readStored(folder: string, files: Record<string, Stored>): Promise<Map<string, Served>> {
  const served = new Map<string, Served>()
  for (const [plain, stored] of Object.entries(files)) {
    const file = await readOne(folder, stored)
    served.set(file.name, file).set(plain, file)
  }
  return served
}

export async function readOne(folder: string, { name }: Stored): Promise<Served> {
  const path = join(folder, name)
  const [identity, br, gzipped] = await Promise.all([readFile(path), readFile(`${path}.br`), readFile(`${path}.gz`)])
  const type = types[extname(name)] ?? 'application/octet-stream'
  return { type, name, encodings: { identity, br, gzip: gzipped } }
}

/** Answers what is asked for below the prefix; a name with a hash may be kept for ever, one without is asked again. */
export function serveFiles(files: ReadonlyMap<string, Served>): RequestHandler {
  return (req, res, next) => {
    if (!req.path.startsWith(PREFIX) || (req.method !== 'GET' && req.method !== 'HEAD')) return next()
    const name = req.path.slice(PREFIX.length)
    const file = files.get(name)
    if (!file) return void res.status(404).type('text/plain').send('There is no such file.')
    res.set('Cache-Control', name === file.name ? 'public, max-age=31536000, immutable' : 'no-cache')
    sendFile(req, res, file)
  }
}

/** Answers with the form that the browser understands best; says nothing about how long it may be kept. */
export function sendFile(req: Request, res: Response, { name, type, encodings }: Served): void {
  const etag = `"${name}"`
  res.set({ 'Content-Type': type, Vary: 'Accept-Encoding', ETag: etag })
  if (req.headers['if-none-match'] === etag) return void res.status(304).end()
  const encoding = (['br', 'gzip'] as const).find((each) => req.acceptsEncodings(each) === each) ?? 'identity'
  if (encoding !== 'identity') res.set('Content-Encoding', encoding)
  res.set('Content-Length', String(encodings[encoding].length))
  res.end(req.method === 'HEAD' ? undefined : encodings[encoding])
}
