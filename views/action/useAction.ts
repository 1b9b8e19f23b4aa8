import { useEffect, useRef, useState } from 'react'
import { ApiError, postJson } from '../api.ts'
import { lookAgain } from '../approvals/waiting.ts'
import { blank } from '../record/useForm.ts'
import type { Change, RecordJSON } from '../types.ts'
import { titlesIn } from './given.ts'
import type { ActionForm, Answer, Ended, Preview, Refusals, Values, WayOut } from './types.ts'

export interface Asking {
  /** What is typed, as the controls of records want it. */
  record: RecordJSON
  change: Change
  password: string
  setPassword: (password: string) => void
  needsPassword: boolean
  /** What would happen with what is typed now; null while that is not known. */
  preview: Preview | null
  /** A preview is on its way. */
  looking: boolean
  sending: boolean
  dirty: boolean
  problem: string | null
  /** Which of several records are the cause. */
  refusals: Refusals
  /** Where what is missing can be put right. */
  ways: WayOut[]
  /** Rises with every refusal that has something to look at. */
  failures: number
  send: () => Promise<void>
}

const NONE: Refusals = { reasons: [], refused: 0, left: 0 }

/** Long enough for somebody who types, short enough for somebody who waits. */
const PAUSE_MS = 350

/** An opened form of an action: what is typed, what would happen, and doing it once however often the button is pressed. */
export function useAction(api: string, form: ActionForm, ended: (answer: Ended) => void): Asking {
  const [values, setValues] = useState<Values>(() => initialOf(form))
  const [populated, setPopulated] = useState<RecordJSON['populated']>(() => titlesIn(form))
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set())
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [password, setPassword] = useState('')
  const [needsPassword, setNeedsPassword] = useState(form.needsPassword)
  const [preview, setPreview] = useState<Preview | null>(null)
  const [looking, setLooking] = useState(false)
  const [sending, setSending] = useState(false)
  const [problem, setProblem] = useState<string | null>(form.refused)
  const [refusals, setRefusals] = useState(NONE)
  const [ways, setWays] = useState<WayOut[]>([])
  const [failures, setFailures] = useState(0)
  const required = new Set(form.fields.filter(({ isRequired }) => isRequired).map(({ name }) => name))
  const key = useRef(crypto.randomUUID())
  const busy = useRef(false)
  const over = useRef(false)

  const refuse = (message: string, why = NONE) => {
    setProblem(message)
    setRefusals(why)
    setFailures((count) => count + 1)
  }
  /** @param quietly says nothing about fields that nobody has come to yet */
  const take = (answer: Answer, quietly: boolean) => {
    setErrors({})
    setRefusals(NONE)
    setWays('ways' in answer ? (answer.ways ?? []) : [])
    if (answer.state === 'preview' || answer.state === 'stale') setPreview(answer.preview)
    else if (answer.state !== 'password') setPreview(null)
    if (answer.state === 'preview') return setProblem(null)
    if (answer.state === 'invalid') {
      const isAwaited = (name: string) => !touched.has(name) && required.has(name) && !isGiven(values[name])
      const known = Object.entries(answer.errors).filter(([name]) => !quietly || !isAwaited(name))
      setErrors(Object.fromEntries(known))
      return quietly ? setProblem(null) : refuse(answer.message)
    }
    if (answer.state === 'refused') return refuse(answer.message, answer)
    if (answer.state === 'stale') return refuse(answer.message)
    if (answer.state === 'password') {
      setNeedsPassword(true)
      return refuse(answer.message)
    }
    over.current = true
    lookAgain()
    ended(answer)
  }

  const isReady = form.fields.every(({ name, isRequired }) => !isRequired || isGiven(values[name]))
  const untouched = touched.size === 0 && !isReady
  useLive({ api, values, skip: untouched || form.refused !== null || over.current }, (look) => {
    setLooking(look === 'begins')
    if (look === 'begins') setPreview(null)
    else if (look instanceof Error) refuse(look.message)
    else if (!over.current) take(look.answer, true)
  })

  const send = async (): Promise<void> => {
    if (busy.current || over.current) return
    busy.current = true
    setSending(true)
    try {
      if (needsPassword) await postJson('/reauthenticate', { password })
      setNeedsPassword(false)
      setPassword('')
      const body = preview ? { hash: preview.hash } : { preview: true }
      const path = { key: key.current, input: values, ...body }
      take((await postJson<{ answer: Answer }>(api, path)).answer, false)
    } catch (error) {
      refuse(error instanceof ApiError ? error.message : String(error))
    } finally {
      busy.current = false
      setSending(false)
    }
  }

  const change: Change = (path, value, selected) => {
    setValues((now) => ({ ...now, [path]: value }))
    setPopulated((now) => ({ ...now, [path]: selected ?? null }))
    setTouched((now) => new Set(now).add(path))
    setErrors(({ [path]: _gone, ...others }) => others)
  }
  const told = Object.fromEntries(Object.entries(errors).map(([name, message]) => [name, { type: 'invalid', message }]))
  const record = { ...blank, params: values, populated, errors: told }
  const dirty = touched.size > 0 && !over.current
  return {
    record,
    change,
    password,
    setPassword,
    needsPassword,
    preview,
    looking,
    sending,
    dirty,
    problem,
    refusals,
    ways,
    failures,
    send,
  }
}

type Look = 'begins' | { answer: Answer } | Error

/** Asks what would happen whenever something was typed and a moment has passed. Only the newest answer counts. */
function useLive(
  { api, values, skip }: { api: string; values: Values; skip: boolean },
  tell: (look: Look) => void,
): void {
  const listener = useRef(tell)
  listener.current = tell
  const first = useRef(true)
  useEffect(() => {
    if (skip) return undefined
    const request = new AbortController()
    listener.current('begins')
    const timer = setTimeout(
      () => {
        postJson<{ answer: Answer }>(api, { preview: true, key: crypto.randomUUID(), input: values }, request.signal)
          .then((answer) => (request.signal.aborted ? undefined : listener.current(answer)))
          .catch((error: Error) => (request.signal.aborted ? undefined : listener.current(error)))
      },
      first.current ? 0 : PAUSE_MS,
    )
    first.current = false
    return () => {
      clearTimeout(timer)
      request.abort()
    }
  }, [api, values, skip])
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== ''

function initialOf({ fields }: ActionForm): Values {
  const starts = fields.flatMap(({ name, custom }) => {
    const { initial, kind } = custom as { initial?: unknown; kind?: string }
    if (initial !== undefined) return [[name, initial] as const]
    return kind === 'boolean' ? [[name, false] as const] : []
  })
  return Object.fromEntries(starts)
}
