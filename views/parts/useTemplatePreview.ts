import { useEffect, useState } from 'react'
import { postJson } from '../api.ts'
import { templatePreviewApi } from '../paths.ts'
import type { LetterProps } from './Letter.tsx'

interface TemplatePreview extends LetterProps {
  /** What may be filled in. */
  known: { name: string; means: string }[]
  /** What the text names and there is not. */
  unknown: string[]
}

const PAUSE_MS = 250

/** What a template looks like with an invented lesson, a moment after the last key was pressed. */
export function useTemplatePreview(params: Readonly<Record<string, unknown>>): {
  preview: TemplatePreview | null
  problem: string | null
} {
  const [preview, setPreview] = useState<TemplatePreview | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const { key, channel, subject, body } = params
  const isComplete = Boolean(key && channel && body)
  useEffect(() => {
    if (!isComplete) return undefined
    const request = new AbortController()
    const timer = setTimeout(() => {
      postJson<TemplatePreview>(
        templatePreviewApi,
        { key, channel, subject: String(subject ?? ''), text: String(body) },
        request.signal,
      )
        .then((answer) => {
          setPreview(answer)
          setProblem(null)
        })
        .catch((error: Error) => {
          if (!request.signal.aborted) setProblem(error.message)
        })
    }, PAUSE_MS)
    return () => {
      clearTimeout(timer)
      request.abort()
    }
  }, [isComplete, key, channel, subject, body])
  return { preview: isComplete ? preview : null, problem }
}
