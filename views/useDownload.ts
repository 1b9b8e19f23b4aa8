import { useState } from 'react'
import { download } from './api.ts'
import { useNotify } from './notices.ts'

/** Has the browser keep a file that takes a while, one at a time. @param note said behind its name */
export function useDownload(note = ''): { busy: boolean; save: (path: string) => Promise<void> } {
  const notify = useNotify()
  const [busy, setBusy] = useState(false)
  const save = async (path: string): Promise<void> => {
    if (busy) return
    setBusy(true)
    try {
      const name = await download(path, 'POST')
      notify({ message: `${name} is saved.${note && ` ${note}`}`, type: 'success' })
    } catch (error) {
      notify({ message: (error as Error).message, type: 'error' })
    } finally {
      setBusy(false)
    }
  }
  return { busy, save }
}
