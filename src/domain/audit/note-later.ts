import type { Context } from '../../core/context.ts'
import type { Database } from '../../core/db.ts'

/** Something that was looked at or refused: what, about which record, and facts without values. */
export interface Note {
  readonly action: 'personal-data.viewed' | 'access.denied'
  readonly model: string
  /** Of the record; a list has none. */
  readonly id: string | null
  readonly details: object
}

const WITHIN_MS = 500
const AGAIN_MS = 5_000
const HOUR_MS = 3_600_000
/** More different things than people look at in an hour: a bound for memory only. */
const MOST_KNOWN = 50_000
const MOST_WAITING = 10_000
const AT_ONCE = 500

/**
 * Writes into the audit log what nobody should wait for: within half a second, together with what others looked at. The same
 * thing looked at again by the same person in the same session within the hour is one entry. A process that is killed
 * loses what waits; one that is stopped writes it first.
 */
class Notes {
  readonly #db: Database
  #known = new Set<string>()
  #hour = 0
  #waiting: Waiting[] = []
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(db: Database) {
    this.#db = db
  }

  add(ctx: Context, note: Note): void {
    const hour = Math.floor(Date.now() / HOUR_MS)
    if (hour !== this.#hour || this.#known.size >= MOST_KNOWN) this.#known.clear()
    this.#hour = hour
    const key = [
      ctx.orgId,
      ctx.userId,
      ctx.session,
      note.action,
      note.model,
      note.id,
      JSON.stringify(note.details),
    ].join(' ')
    if (this.#known.has(key)) return
    this.#known.add(key)
    this.#waiting.push({ ctx, note })
    this.#wake(WITHIN_MS)
  }

  /** Writes what waits, now. @throws the database's error; what was not written waits on */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#writing = this.#writing.catch(() => {}).then(() => this.#write())
    return this.#writing
  }

  #wake(ms: number): void {
    // a page that nobody asks for any more keeps no process alive
    this.#timer ??= setTimeout(() => void this.flush().catch(() => this.#wake(AGAIN_MS)), ms).unref()
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const [first] = this.#waiting
      const own = this.#waiting.filter(({ ctx }) => actorOf(ctx) === actorOf(first!.ctx)).slice(0, AT_ONCE)
      this.#waiting = this.#waiting.filter((one) => !own.includes(one))
      await this.#send(own).catch((error: unknown) => {
        this.#waiting = [...own, ...this.#waiting].slice(-MOST_WAITING)
        throw error
      })
    }
  }

  /** One statement, in the name of who did it. */
  async #send(notes: readonly Waiting[]): Promise<void> {
    const [{ ctx }] = notes as [Waiting]
    const columns = notes.map(({ ctx: { requestId }, note: { action, model, id, details } }) => ({
      action,
      model,
      id: id ?? '-',
      request: requestId,
      details,
    }))
    await this.#db.batch(ctx, [
      {
        text: `SELECT audit_event($1::uuid, $2::uuid, n.action, $3, n.request, n.model, n.id, NULL, n.details)
          FROM jsonb_to_recordset($4::jsonb) AS n(action text, request text, model text, id text, details jsonb)`,
        values: [ctx.orgId, ctx.userId, ctx.ip, JSON.stringify(columns)],
      },
    ])
  }
}

interface Waiting {
  readonly ctx: Context
  readonly note: Note
}

const actorOf = ({ orgId, userId, role, actorKind, ip }: Context): string =>
  [orgId, userId, role, actorKind, ip].join(' ')

const all = new WeakMap<Database, Notes>()

function notesOf(db: Database): Notes {
  const notes = all.get(db) ?? new Notes(db)
  all.set(db, notes)
  return notes
}

export const noteLater = (ctx: Context, note: Note): void => notesOf(ctx.db).add(ctx, note)

/** Writes what waits: before the process stops, and for tests. */
export const flushNotes = (db: Database): Promise<void> => notesOf(db).flush()
