import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import type { RequestHandler } from 'express'

interface StaticFile {
  /** Carries the content's hash, so that browsers may keep it for ever. */
  url: string
  type: string
  plain: Buffer
  gzip: Buffer
}

export const STYLESHEET = load('page.css', 'text/css; charset=utf-8')
export const ICON = load('icon.svg', 'image/svg+xml')

const FILES = new Map([STYLESHEET, ICON].map((file) => [file.url, file]))

/** Serves the sign-in and error pages' own files from memory. */
export const staticFiles: RequestHandler = (req, res, next) => {
  const file = req.path === '/favicon.ico' ? ICON : FILES.get(req.path)
  if (!file) return next()
  const lifetime = req.path === file.url ? 'public, max-age=31536000, immutable' : 'public, max-age=86400'
  res.set({ 'Content-Type': file.type, 'Cache-Control': lifetime, Vary: 'Accept-Encoding' })
  if (req.acceptsEncodings('gzip') !== 'gzip') return void res.send(file.plain)
  res.set('Content-Encoding', 'gzip').send(file.gzip)
}

function load(name: string, type: string): StaticFile {
  const plain = readFileSync(new URL(name, import.meta.url))
  const hash = createHash('sha256').update(plain).digest('base64url').slice(0, 12)
  return { url: `/static/${hash}/${name}`, type, plain, gzip: gzipSync(plain) }
}
