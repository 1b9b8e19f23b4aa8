import { gzipSync } from 'node:zlib'
import type { RequestHandler } from 'express'

const WORTH_IT = 1024

/**
 * Answers with JSON are compressed at once, on the thread that made them: a page of a list takes less time so than its
 * way through a stream and back.
 */
export const compressedJson: RequestHandler = (req, res, next) => {
  const json = res.json.bind(res)
  res.json = (body: unknown) => {
    const text = JSON.stringify(body) as string | undefined
    if (text === undefined || text.length < WORTH_IT || !req.acceptsEncodings('gzip')) return json(body)
    const packed = gzipSync(text, { level: 1 })
    res.set({
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Encoding': 'gzip',
      Vary: 'Accept-Encoding',
      'Content-Length': String(packed.length),
    })
    return res.end(packed)
  }
  next()
}
