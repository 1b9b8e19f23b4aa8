import { useRef } from 'react'
import { formatNumber } from '../format.ts'
import { getJson, postForm } from '../api.ts'
import { useNotify } from '../notices.ts'
import { useConfirm } from '../parts/Confirm.tsx'
import { undoApi } from '../paths.ts'
import type { Notice } from '../types.ts'
import type { FieldChange } from './timeline.ts'

interface Answer {
  changes: { title: string; fields: FieldChange[] }[]
  /** How many records it is about; `changes` has the first of them. */
  count: number
  /** "Manager of Harbour, Tue 24 Nov, 15:30". */
  of: string
  notice?: Notice
}

const MENTIONED = 6

/** Asks what undoing a request would do, then whether to do it; why it cannot be done is said in a sentence. */
export function useUndo(done: () => void): (request: string) => Promise<void> {
  const confirm = useConfirm()
  const notify = useNotify()
  const busy = useRef(false)
  return async (request) => {
    if (busy.current) return
    busy.current = true
    try {
      const asked = await getJson<Answer>(undoApi(request))
      const question = { title: titleOf(asked), body: bodyOf(asked), confirm: 'Undo', cancel: 'Keep it' }
      if (!(await confirm(question))) return
      const { notice } = await postForm<Answer>(undoApi(), { request })
      notify(notice)
      done()
    } catch (error) {
      notify({ message: (error as Error).message, type: 'error' })
    } finally {
      busy.current = false
    }
  }
}

const titleOf = ({ changes }: Answer): string =>
  changes.length === 1
    ? `Undo the change of ${changes[0]!.title}?`
    : `Undo the change of all ${changes.length} records?`

function bodyOf({ changes, count, of }: Answer): string {
  const named = changes.slice(0, MENTIONED).map(({ title }) => title)
  const others = count - named.length
  const what =
    count === 1
      ? changes[0]!.fields
          .map(({ label, after }) => (after === null ? `${label} is empty again` : `${label} is ${after} again`))
          .join(', ')
      : `${named.join(', ')}${others > 0 ? ` and ${formatNumber(others)} more` : ''}`
  return `It was made by ${of}. ${what}.`
}
