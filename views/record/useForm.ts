import { useRef, useState } from 'react'
import { useNavigate } from 'react-router-dom'
import { postForm } from '../api.ts'
import { useNotify } from '../notices.ts'
import { useLeaveGuard } from './useLeaveGuard.ts'
import type { Asked, Change, ContestedField, RecordJSON, RecordResponse } from '../types.ts'

interface Form {
  /** The record as it would be saved: stored values, typed ones over them, and the server's errors. */
  record: RecordJSON
  change: Change
  /** Sends what was changed; answers whether the server accepted it. */
  save: () => Promise<boolean>
  saving: boolean
  dirty: boolean
  /** Why it was not saved, in a sentence; a conflict speaks for itself. */
  problem: string | null
  /** Fields that somebody else changed in the meantime; empty when there are none. */
  conflict: ContestedField[]
  /** Saves again, for each contested field with what is to stay. */
  settle: (choices: Choices) => Promise<boolean>
  /** What saving would do to bookings that are there already; null when nothing is asked. */
  asked: Asked | null
  /** Saves all the same. */
  agree: () => Promise<boolean>
  /** How often saving has failed. */
  failures: number
}

export type Choices = Readonly<Record<string, 'theirs' | 'yours'>>

/** A record that is not there yet. */
export const blank: RecordJSON = {
  id: '',
  title: '',
  params: {},
  populated: {},
  errors: {},
  baseError: null,
  recordActions: [],
  bulkActions: [],
}

interface Ways {
  /** Where it is sent. */
  api: string
  /** Query of the record's page, so that it opens where it was left. */
  back: string
}

/** What is typed into a form, and sending it. A press on Save while it saves does nothing more. */
export function useForm(stored: RecordJSON, { api, back }: Ways): Form {
  const [record, setRecord] = useState<RecordJSON>({ ...stored, errors: stored.errors ?? {} })
  const [changed, setChanged] = useState<Record<string, unknown>>({})
  const [shown, setShown] = useState<Record<string, unknown>>(stored.params)
  const [conflict, setConflict] = useState<ContestedField[]>([])
  const [asked, setAsked] = useState<Asked | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [failures, setFailures] = useState(0)
  const [saving, setSaving] = useState(false)
  const busy = useRef(false)
  // saved, and on the way to another page: a second press comes before this one is gone
  const left = useRef(false)
  const notify = useNotify()
  const navigate = useNavigate()
  const dirty = Object.keys(changed).length > 0
  useLeaveGuard(dirty)

  const change: Change = (path, value, selected) => {
    setRecord((now) => withValue(now, path, { value, selected }))
    setChanged((now) => ({ ...now, [path]: value }))
    setAsked(null)
  }
  const refuse = (why: string | null) => {
    setFailures((count) => count + 1)
    setProblem(why)
  }
  const accept = (response: RecordResponse): boolean => {
    const errors = response.record?.errors ?? {}
    const failed = Object.keys(errors).length > 0 || response.notice?.type === 'error'
    setRecord((now) => ({ ...now, errors }))
    setConflict(response.conflict ?? [])
    setAsked(response.asked ?? null)
    if (failed) {
      const why = response.record?.baseError?.message ?? response.notice?.message ?? 'thereWereValidationErrors'
      // a question speaks for itself
      refuse(response.conflict || response.asked ? null : why)
      return false
    }
    setChanged({})
    notify(response.notice)
    // going back from the saved record leads to where the form was opened, not into the form
    if (response.redirectUrl) {
      left.current = true
      navigate(response.redirectUrl + back, { replace: true })
    }
    return true
  }
  const send = async (
    fields: Record<string, unknown>,
    before: Record<string, unknown>,
    agreed: Record<string, unknown> = {},
  ): Promise<boolean> => {
    if (busy.current || left.current) return false
    busy.current = true
    setSaving(true)
    setProblem(null)
    try {
      return accept(
        await postForm<RecordResponse>(api, { ...(stored.id ? withWas(fields, before) : fields), ...agreed }),
      )
    } catch (error) {
      refuse((error as Error).message)
      return false
    } finally {
      busy.current = false
      setSaving(false)
    }
  }
  const save = () => send(changed, shown)
  const settle = async (choices: Choices): Promise<boolean> => {
    const theirs = conflict.filter(({ property }) => choices[property] === 'theirs')
    const kept = Object.fromEntries(
      Object.entries(changed).filter(([path]) => !theirs.some(({ property }) => property === path)),
    )
    // what they wrote is known now: it is what the next comparison starts from
    const seen = { ...shown, ...Object.fromEntries(conflict.map(({ property, value }) => [property, value])) }
    setShown(seen)
    setChanged(kept)
    setRecord((now) => theirs.reduce(withTheirs, now))
    return await send(kept, seen)
  }
  const agree = () => send(changed, shown, { 'warning.agreed': asked?.agreed })
  return { record, change, save, saving, dirty, problem, conflict, settle, asked, agree, failures }
}

/** Each changed field with what it said when it was read, so that nobody's change is lost unseen. */
const withWas = (fields: Record<string, unknown>, shown: Record<string, unknown>): Record<string, unknown> => ({
  ...fields,
  ...Object.fromEntries(Object.keys(fields).map((path) => [`was.${path}`, shown[path] ?? null])),
})

const withTheirs = (record: RecordJSON, { property, value, reference }: ContestedField): RecordJSON => ({
  ...record,
  params: { ...record.params, [property]: value },
  populated: { ...record.populated, [property]: reference },
})

interface Chosen {
  value: unknown
  selected: RecordJSON | undefined
}

function withValue(record: RecordJSON, path: string, { value, selected }: Chosen): RecordJSON {
  const { [path]: _error, ...errors } = record.errors ?? {}
  return {
    ...record,
    errors,
    params: { ...record.params, [path]: value },
    populated: { ...record.populated, [path]: selected ?? null },
  }
}
