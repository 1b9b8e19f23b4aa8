import { useCallback } from 'react'
import { useDispatch, useSelector } from 'react-redux'
import type { Notice } from './types.ts'

interface ShownNotice extends Notice {
  id: string
}

/** Shows a message to the reader; `type` "error" stays until it is closed. */
export function useNotify(): (notice: Notice | undefined) => void {
  const dispatch = useDispatch()
  return useCallback(
    (notice) => {
      if (notice?.message) dispatch({ type: 'ADD_NOTICE', data: { ...notice, id: crypto.randomUUID(), progress: 0 } })
    },
    [dispatch],
  )
}

/** The messages shown now, also those of AdminJS's own code, and how to take one away. */
export function useNotices(): { notices: ShownNotice[]; drop: (id: string) => void } {
  const notices = useSelector((state: { notices: ShownNotice[] }) => state.notices)
  const dispatch = useDispatch()
  const drop = useCallback((noticeId: string) => dispatch({ type: 'DROP_NOTICE', data: { noticeId } }), [dispatch])
  return { notices, drop }
}
