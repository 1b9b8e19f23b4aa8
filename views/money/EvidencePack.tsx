import React, { useState } from 'react'
import { download } from '../api.ts'
import { useNotify } from '../notices.ts'
import { Icon } from '../parts/Icon.tsx'
import { useMayAnswer } from './useDisputeActions.ts'

/** Everything that is known about a disputed payment, in one file. Who took it is in the audit log. */
export function EvidencePack({ id, of }: { id: string; of: string }) {
  const notify = useNotify()
  const mayAnswer = useMayAnswer()
  const [busy, setBusy] = useState(false)
  const take = async (): Promise<void> => {
    if (busy) return
    setBusy(true)
    try {
      const name = await download(`/panel/disputes/${encodeURIComponent(id)}/evidence-pack`, 'POST')
      notify({ message: `${name} is saved. The audit log says who took it.`, type: 'success' })
    } catch (error) {
      notify({ message: (error as Error).message, type: 'error' })
    } finally {
      setBusy(false)
    }
  }
  if (!mayAnswer) return null
  return (
    <button type="button" className="button" aria-disabled={busy} onClick={() => void take()}>
      <Icon name="Download" size={16} /> {busy ? 'Packing…' : 'Evidence pack'}
      <span className="sr-only"> {of}</span>
    </button>
  )
}
