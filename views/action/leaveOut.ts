import { useState } from 'react'
import type { Target } from '../paths.ts'

interface Left {
  target: Target
  /** Goes on without these, and of everything that a list shows without all that refuse; not for a single record. */
  leaveOut: ((ids: string[]) => void) | undefined
}

/** What an action is done to, once those that refuse are left out. */
export function useLeaveOut(chosen: Target): Left {
  const [target, setTarget] = useState(chosen)
  const { recordIds, matching, without: known } = target
  if (matching !== undefined) {
    const without = (out: string[]) => setTarget({ ...target, without: [...(known ?? []), ...out] })
    return { target, leaveOut: without }
  }
  if (!recordIds || recordIds.length < 2) return { target, leaveOut: undefined }
  const without = (out: string[]) => setTarget({ ...target, recordIds: recordIds.filter((id) => !out.includes(id)) })
  return { target, leaveOut: without }
}
