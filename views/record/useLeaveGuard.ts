import { useEffect } from 'react'
import { useNavigate } from 'react-router-dom'
import { useConfirm } from '../parts/Confirm.tsx'

/** Asks before typed but unsaved work is thrown away: by a link of the page, or by closing or reloading it. */
export function useLeaveGuard(dirty: boolean): void {
  const confirm = useConfirm()
  const navigate = useNavigate()
  useEffect(() => {
    if (!dirty) return undefined
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault()
    const onClick = (event: MouseEvent) => {
      const path = leadsAway(event)
      if (!path) return
      event.preventDefault()
      event.stopPropagation()
      const question = { title: 'Leave without saving?', body: 'What you typed here is lost.', confirm: 'Leave' }
      void confirm({ ...question, danger: true }).then((yes) => yes && navigate(path))
    }
    window.addEventListener('beforeunload', onUnload)
    // before the router hears of the press
    document.addEventListener('click', onClick, true)
    return () => {
      window.removeEventListener('beforeunload', onUnload)
      document.removeEventListener('click', onClick, true)
    }
  }, [dirty, confirm, navigate])
}

/** The path of a link to another page of the panel that was pressed in the plain way. */
function leadsAway(event: MouseEvent): string | null {
  const link = (event.target as Element).closest('a')
  const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey
  if (!link || !isPlain || link.target || link.origin !== window.location.origin) return null
  return link.pathname === window.location.pathname ? null : link.pathname + link.search
}
