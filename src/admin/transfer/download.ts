import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { Response } from 'express'

/** Names the file that the answer is, in whatever letters the school is named. */
export function asFile(res: Response, name: string): void {
  // what no file system takes
  res.attachment(name.replaceAll(/[\\/:*?"<>|\p{Cc}]+/gu, ' ').trim())
  res.set({ 'Content-Type': 'text/csv; charset=utf-8', 'Cache-Control': 'no-store' })
}

/** A part of a file, and how many rows it holds. */
export interface Piece<T = string> {
  readonly text: T
  readonly rows: number
}

/** Of an archive. */
type AnyPiece = Piece<string | Uint8Array>

/** What went out. */
export interface Sent {
  readonly rows: number
  readonly sha256: string
  /** The whole file: the browser may go away before. */
  readonly isWhole: boolean
}

/**
 * Writes `pieces` as fast as the browser takes them. The last one waits until `record` has been told what goes out, so
 * that nobody gets a whole file that is not recorded; it is told also when the browser went away, and when a piece failed.
 */
export async function send(
  res: Response,
  pieces: AsyncIterable<AnyPiece>,
  record: (sent: Sent) => Promise<void>,
): Promise<void> {
  const gone = new AbortController()
  res.once('close', () => gone.abort())
  const hash = createHash('sha256')
  let rows = 0
  const count = (piece: AnyPiece) => {
    hash.update(piece.text)
    rows += piece.rows
  }
  const told = (isWhole: boolean) => record({ rows, sha256: hash.digest('hex'), isWhole })
  let held: AnyPiece | undefined
  try {
    for await (const piece of pieces) {
      if (held && !gone.signal.aborted) {
        count(held)
        await put(res, held.text, gone.signal)
      }
      held = piece
      if (gone.signal.aborted) break
    }
  } catch (error) {
    await told(false)
    throw error
  }
  if (gone.signal.aborted) return await told(false)
  if (held) count(held)
  await told(true)
  res.end(held?.text)
}

async function put(res: Response, piece: string | Uint8Array, gone: AbortSignal): Promise<void> {
  if (gone.aborted || res.write(piece)) return
  await once(res, 'drain', { signal: gone }).catch(() => {})
}
