import { type PointerEvent, type RefObject, useEffect, useRef } from 'react'

/** Long enough to be no press, short enough to be found by itself. */
const HOLD_MS = 350
/** A finger is never quite still. */
const SLACK = 8

/** A finger that rests on something takes it up; one that moves before that scrolls, as everywhere. */
export function useHold(frame: RefObject<HTMLElement>) {
  const holding = useRef(false)
  useEffect(() => {
    const element = frame.current
    const stay = (event: TouchEvent) => {
      if (holding.current && event.cancelable) event.preventDefault()
    }
    // said before anything is touched: a browser that has begun to scroll asks nobody
    element?.addEventListener('touchmove', stay, { passive: false })
    return () => element?.removeEventListener('touchmove', stay)
  }, [frame])

  return (event: PointerEvent, taken: () => void): void => {
    const start = { x: event.clientX, y: event.clientY }
    const timer = setTimeout(() => {
      holding.current = true
      // felt where the telephone can
      navigator.vibrate?.(15)
      taken()
    }, HOLD_MS)
    const moved = ({ clientX, clientY }: globalThis.PointerEvent) => {
      if (!holding.current && Math.hypot(clientX - start.x, clientY - start.y) > SLACK) end()
    }
    const end = () => {
      clearTimeout(timer)
      holding.current = false
      window.removeEventListener('pointermove', moved)
      window.removeEventListener('pointerup', end)
      window.removeEventListener('pointercancel', end)
    }
    window.addEventListener('pointermove', moved)
    window.addEventListener('pointerup', end)
    window.addEventListener('pointercancel', end)
  }
}
