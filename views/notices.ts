import { useNotice } from 'adminjs'
import { useDispatch, useSelector } from 'react-redux'
import type { Notice } from './types.ts'

/** Shows a message to the reader; `type` "error" stays until it is closed. */
export function useNotify(): (notice: Notice | undefined) => void {
  const add = useNotice()
  return (notice) => {
    if (notice?.message) add(notice)
  }
}

interface ShownNotice extends Notice {
  id: string
}

export function useNotices(): { notices: ShownNotice[]; drop: (id: string) => void } {
  const notices = useSelector((state: { notices: ShownNotice[] }) => state.notices)
  const dispatch = useDispatch()
  return { notices, drop: (noticeId) => dispatch({ type: 'DROP_NOTICE', data: { noticeId } }) }
}
