import { useCallback, useEffect } from 'react'
import { useNavigate } from 'react-router-dom'
import { useConfirm } from '../parts/Confirm.tsx'

const question = {
  title: 'Leave without saving?',
  body: 'What you typed here is lost.',
  confirm: 'Leave',
  cancel: 'Keep editing',
  danger: true,
}

let backGuard: ((event: PopStateEvent) => void) | null = null

// listeners of the window are called in the order of their coming, and the router's comes when the page is drawn
window.addEventListener('popstate', (event) => backGuard?.(event))

/**
 * Asks before typed but unsaved work is thrown away: by a link, by back and forward, by closing or reloading.
 * @returns what asks before a button does the same
 */
export function useLeaveGuard(dirty: boolean): (leave: () => void) => void {
  const confirm = useConfirm()
  const navigate = useNavigate()
  const ask = useCallback(() => confirm(question), [confirm])
  useBackGuard(dirty, ask)
  useEffect(() => {
    if (!dirty) return undefined
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault()
    const onClick = (event: MouseEvent) => {
      const path = leadsAway(event)
      if (!path) return
      event.preventDefault()
      event.stopPropagation()
      void ask().then((yes) => yes && navigate(path))
    }
    window.addEventListener('beforeunload', onUnload)
    // before the router hears of the press
    document.addEventListener('click', onClick, true)
    return () => {
      window.removeEventListener('beforeunload', onUnload)
      document.removeEventListener('click', onClick, true)
    }
  }, [dirty, ask, navigate])
  return (leave) => {
    if (dirty) void ask().then((yes) => yes && leave())
    else leave()
  }
}

/** The browser cannot be kept from going back: it is sent to the form again, then asked whether to repeat the step. */
function useBackGuard(dirty: boolean, ask: () => Promise<boolean>): void {
  useEffect(() => {
    if (!dirty) return undefined
    const { pathname } = window.location
    let here = placeInHistory(window.history.state)
    let undone = 0
    let leaving = false
    const repeat = (steps: number) => {
      leaving = true
      window.history.go(steps)
    }
    const onPop = (event: PopStateEvent) => {
      const there = placeInHistory(event.state)
      if (leaving) return
      if (window.location.pathname !== pathname) {
        // entries that the router did not make have no place to return from
        if (here === null || there === null) return
        undone = there - here
        event.stopImmediatePropagation()
        window.history.go(-undone)
      } else if (undone !== 0) {
        const steps = undone
        undone = 0
        event.stopImmediatePropagation()
        void ask().then((yes) => yes && repeat(steps))
      } else here = there
    }
    backGuard = onPop
    return () => {
      backGuard = null
    }
  }, [dirty, ask])
}

/** The router numbers the entries that it adds to the browser's history. */
function placeInHistory(state: unknown): number | null {
  const { idx } = (state ?? {}) as { idx?: unknown }
  return typeof idx === 'number' ? idx : null
}

/** The path of a link to another page of the panel that was pressed in the plain way. */
function leadsAway(event: MouseEvent): string | null {
  const link = (event.target as Element).closest('a')
  const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey
  if (!link || !isPlain || link.target || link.origin !== window.location.origin) return null
  return link.pathname === window.location.pathname ? null : link.pathname + link.search
}
