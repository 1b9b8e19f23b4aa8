import { useCallback, useEffect, useState } from 'react'
import { getJson, postJson } from '../api.ts'
import { importApi } from '../paths.ts'
import type { ImportState } from './types.ts'

const POLL_MS = 600

export interface Importing {
  state: ImportState | null
  /** Why it could not be shown. */
  error: Error | null
  /** What went wrong with the last press of a button. */
  problem: string | null
  sending: boolean
  check: (mapping: (string | null)[]) => Promise<void>
  start: () => Promise<void>
  reload: () => void
}

/** An import, looked at again while it is being worked on: a reload or another window shows the same. */
export function useImport(resourceId: string, id: string): Importing {
  const [state, setState] = useState<ImportState | null>(null)
  const [error, setError] = useState<Error | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [sending, setSending] = useState(false)
  const [turn, setTurn] = useState(0)
  const reload = useCallback(() => setTurn((count) => count + 1), [])
  useEffect(() => {
    const request = new AbortController()
    getJson<ImportState>(importApi(resourceId, id), request.signal)
      .then((answer) => {
        setState(answer)
        setError(null)
      })
      .catch((reason: Error) => !request.signal.aborted && setError(reason))
    return () => request.abort()
  }, [resourceId, id, turn])
  const isMoving = state?.status === 'checking' || state?.status === 'running'
  useEffect(() => {
    if (!isMoving) return undefined
    const timer = setTimeout(reload, POLL_MS)
    return () => clearTimeout(timer)
  }, [isMoving, state, error, reload])
  const send = async (step: string, body: object): Promise<void> => {
    if (sending) return
    setSending(true)
    setProblem(null)
    try {
      setState(await postJson<ImportState>(importApi(resourceId, id, step), body))
    } catch (reason) {
      setProblem((reason as Error).message)
    } finally {
      setSending(false)
    }
  }
  const check = (mapping: (string | null)[]) => send('check', { mapping })
  return { state, error, problem, sending, check, start: () => send('start', {}), reload }
}
