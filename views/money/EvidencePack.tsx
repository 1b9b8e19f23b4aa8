import React from 'react'
import { Icon } from '../parts/Icon.tsx'
import { useDownload } from '../useDownload.ts'
import { useMayAnswer } from './useDisputeActions.ts'

/** Everything that is known about a disputed payment, in one file. Who took it is in the audit log. */
export function EvidencePack({ id, of }: { id: string; of: string }) {
  const mayAnswer = useMayAnswer()
  const { busy, save } = useDownload('The audit log says who took it.')
  const path = `/panel/disputes/${encodeURIComponent(id)}/evidence-pack`
  if (!mayAnswer) return null
  return (
    <button type="button" className="button" aria-disabled={busy} onClick={() => void save(path)}>
      <Icon name="Download" size={16} /> {busy ? 'Packing…' : 'Evidence pack'}
      <span className="sr-only"> {of}</span>
    </button>
  )
}
