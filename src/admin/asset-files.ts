import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { RequestHandler } from 'express'

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

interface Served {
  type: string
  hash: string
  encodings: Record<'br' | 'gzip' | 'identity', Buffer>
}

/** Writes a file under a name that changes with its content, plain and compressed; what is there already is right. */
export async function store(folder: string, plain: string, content: Buffer): Promise<Stored> {
  const hash = createHash('sha256').update(content).digest('base64url').replaceAll(/[_-]/g, '').slice(0, 12)
  const name = plain.replace('.', `.${hash}.`)
  const path = join(folder, name)
  if (![path, `${path}.br`, `${path}.gz`].every((each) => existsSync(each))) {
    const quality = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: content.length }
    const [brotli, gzipped] = await Promise.all([
      promisify(brotliCompress)(content, { params: quality }),
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
  for (const [plain, { name }] of Object.entries(files)) {
    const path = join(folder, name)
    const [identity, br, gzipped] = await Promise.all([readFile(path), readFile(`${path}.br`), readFile(`${path}.gz`)])
    const file = {
      type: types[extname(name)] ?? 'application/octet-stream',
      hash: name,
      encodings: { identity, br, gzip: gzipped },
    }
    served.set(name, file).set(plain, file)
  }
  return served
}

/** Answers what is asked for below the prefix; a name with a hash may be kept for ever, one without is asked again. */
export function serveFiles(files: ReadonlyMap<string, Served>): RequestHandler {
  return (req, res, next) => {
    if (!req.path.startsWith(PREFIX) || (req.method !== 'GET' && req.method !== 'HEAD')) return next()
    const name = req.path.slice(PREFIX.length)
    const file = files.get(name)
    if (!file) return void res.status(404).type('text/plain').send('There is no such file.')
    const etag = `"${file.hash}"`
    const lifetime = name === file.hash ? 'public, max-age=31536000, immutable' : 'no-cache'
    res.set({ 'Content-Type': file.type, 'Cache-Control': lifetime, Vary: 'Accept-Encoding', ETag: etag })
    if (req.headers['if-none-match'] === etag) return void res.status(304).end()
    const encoding = (['br', 'gzip'] as const).find((each) => req.acceptsEncodings(each) === each) ?? 'identity'
    if (encoding !== 'identity') res.set('Content-Encoding', encoding)
    res.set('Content-Length', String(file.encodings[encoding].length))
    res.end(req.method === 'HEAD' ? undefined : file.encodings[encoding])
  }
}
