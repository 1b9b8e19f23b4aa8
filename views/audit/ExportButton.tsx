import React, { useState } from 'react'
import { download, postJson } from '../api.ts'
import { useNotify } from '../notices.ts'
import { Icon } from '../parts/Icon.tsx'

/** Three files: the entries in words, the entries with their hashes, and the manifest that both are checked by. */
export function ExportButton({ question }: { question: string }) {
  const notify = useNotify()
  const [busy, setBusy] = useState(false)
  const run = async (): Promise<void> => {
    if (busy) return
    setBusy(true)
    try {
      const manifest = await postJson<{ head: { number: number }; entries: number }>(
        `/panel/audit/manifest?${question}`,
        {},
      )
      save('manifest.json', JSON.stringify(manifest, null, 2))
      for (const format of ['jsonl', 'csv'])
        await download(`/panel/audit/export?${question}&format=${format}&upTo=${manifest.head.number}`, 'POST')
      notify({ message: `${manifest.entries} entries are saved in three files. Keep them together.`, type: 'success' })
    } catch (error) {
      notify({ message: (error as Error).message, type: 'error' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <button type="button" className="button" aria-disabled={busy} onClick={() => void run()}>
      <Icon name="Download" size={16} /> {busy ? 'Exporting…' : 'Export'}
    </button>
  )
}

function save(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  Object.assign(document.createElement('a'), { href: address, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
