import React, { useEffect, useRef, useState } from 'react'
import { Icon } from '../parts/Icon.tsx'
import { SearchDialog } from './SearchDialog.tsx'

/** The way to any person, booking or payment: a box in the top bar, or ⌘K and Ctrl-K wherever one is. */
export function Search() {
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey) || event.altKey || event.shiftKey) return
      event.preventDefault()
      // what is in front is finished first
      if (!document.querySelector('dialog[open]') && !box.current?.closest('[inert]')) setOpen(true)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  return (
    <>
      <button
        ref={box}
        type="button"
        className="search-box"
        aria-haspopup="dialog"
        aria-keyshortcuts="Meta+K Control+K"
        onClick={() => setOpen(true)}
      >
        <Icon name="Search" />
        <span className="search-box-text">Search</span>
        <kbd aria-hidden="true">{/Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      {open ? <SearchDialog close={() => setOpen(false)} /> : null}
    </>
  )
}
