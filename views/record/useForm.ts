import { useRef, useState } from 'react'
import { useNavigate } from 'react-router-dom'
import { postForm } from '../api.ts'
import { useNotify } from '../notices.ts'
import { useLeaveGuard } from './useLeaveGuard.ts'
import type { Change, RecordJSON, RecordResponse } from '../types.ts'

interface Form {
  /** The record as it would be saved: stored values, typed ones over them, and the server's errors. */
  record: RecordJSON
  change: Change
  /** Sends what was changed; answers whether the server accepted it. */
  save: () => Promise<boolean>
  saving: boolean
  dirty: boolean
  /** Problem of the record as a whole, in a sentence. */
  problem: string | null
  /** How often saving has failed: rises with every answer that has something to look at. */
  failures: number
}

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

/** What is typed into a form, and sending it. A press on Save while it saves does nothing more. */
export function useForm(stored: RecordJSON, api: string): Form {
  const [record, setRecord] = useState<RecordJSON>({ ...stored, errors: stored.errors ?? {} })
  const [changed, setChanged] = useState<Record<string, unknown>>({})
  const [problem, setProblem] = useState<string | null>(null)
  const [failures, setFailures] = useState(0)
  const [saving, setSaving] = useState(false)
  const busy = useRef(false)
  const notify = useNotify()
  const navigate = useNavigate()
  const dirty = Object.keys(changed).length > 0
  useLeaveGuard(dirty)

  const change: Change = (path, value, selected) => {
    setRecord((now) => withValue(now, path, { value, selected }))
    setChanged((now) => ({ ...now, [path]: value }))
  }
  const accept = (response: RecordResponse): boolean => {
    const errors = response.record?.errors ?? {}
    const failed = Object.keys(errors).length > 0 || response.notice?.type === 'error'
    setRecord((now) => ({ ...now, errors }))
    if (failed) {
      setFailures((count) => count + 1)
      setProblem(response.record?.baseError?.message ?? response.notice?.message ?? 'thereWereValidationErrors')
      return false
    }
    setChanged({})
    notify(response.notice)
    // going back from the saved record leads to where the form was opened, not into the form
    if (response.redirectUrl) navigate(response.redirectUrl, { replace: true })
    return true
  }
  const save = async (): Promise<boolean> => {
    if (busy.current) return false
    busy.current = true
    setSaving(true)
    setProblem(null)
    try {
      return accept(await postForm<RecordResponse>(api, changed))
    } catch (error) {
      setProblem((error as Error).message)
      return false
    } finally {
      busy.current = false
      setSaving(false)
    }
  }
  return { record, change, save, saving, dirty, problem, failures }
}

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
