import React, { useCallback, useEffect, useId, useLayoutEffect, useRef, useState } from 'react'

interface MenuProps {
  /** What the button is for; read out after the words that it shows. */
  label: string
  className?: string
  button: React.ReactNode
  /** Elements with `role="menuitem"`; those with `role="menuitemcheckbox"` leave the menu open. */
  children: React.ReactNode
}

/** A button that opens a list of actions: arrow keys move, Escape closes and returns to the button. */
export function Menu({ label, className = 'button', button, children }: MenuProps) {
  const [open, setOpen] = useState(false)
  const trigger = useRef<HTMLButtonElement>(null)
  const id = useId()
  const close = useCallback((refocus = false) => {
    setOpen(false)
    if (refocus) trigger.current?.focus()
  }, [])
  return (
    <>
      <button
        ref={trigger}
        type="button"
        className={className}
        aria-haspopup="menu"
        aria-expanded={open}
        {...(open ? { 'aria-controls': id } : {})}
        onClick={(event) => {
          event.stopPropagation()
          setOpen(!open)
        }}
      >
        {button}
        <span className="sr-only">{label}</span>
      </button>
      {open && trigger.current ? (
        <Popup id={id} label={label} anchor={trigger.current} close={close}>
          {children}
        </Popup>
      ) : null}
    </>
  )
}

interface PopupProps {
  id: string
  label: string
  anchor: HTMLElement
  close: (refocus?: boolean) => void
  children: React.ReactNode
}

function Popup({ id, label, anchor, close, children }: PopupProps) {
  const popup = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    // a popover is in the top layer: nothing that scrolls or overlaps can cut it off
    popup.current?.setAttribute('popover', 'manual')
    popup.current?.showPopover()
    place(popup.current, anchor)
  }, [anchor])
  useEffect(() => {
    items(popup.current)[0]?.focus()
    const outside = (event: Event) => {
      const target = event.target as Node
      if (!popup.current?.contains(target) && !anchor.contains(target)) close()
    }
    const dismiss = (event: Event) => {
      // a long menu scrolls by itself
      if (!(event.target instanceof Node && popup.current?.contains(event.target))) close()
    }
    document.addEventListener('pointerdown', outside)
    window.addEventListener('resize', dismiss)
    document.addEventListener('scroll', dismiss, true)
    return () => {
      document.removeEventListener('pointerdown', outside)
      window.removeEventListener('resize', dismiss)
      document.removeEventListener('scroll', dismiss, true)
    }
  }, [anchor, close])
  return (
    <div
      ref={popup}
      id={id}
      role="menu"
      tabIndex={-1}
      aria-label={label}
      className="menu"
      onKeyDown={(event) => onKey(event, popup.current, close)}
      onClick={(event) => {
        event.stopPropagation()
        const item = (event.target as HTMLElement).closest('[role=menuitem]')
        // a form that leaves the page is not sent; a question that follows gives the focus back to the button
        if (item && !item.closest('form')) close(true)
      }}
    >
      {children}
    </div>
  )
}

const items = (popup: HTMLElement | null): HTMLElement[] => [
  ...(popup?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? []),
]

function onKey(event: React.KeyboardEvent, popup: HTMLElement | null, close: (refocus?: boolean) => void): void {
  const all = items(popup)
  const at = all.indexOf(document.activeElement as HTMLElement)
  const moves: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }
  const to = moves[event.key]
  if (to !== undefined) {
    event.preventDefault()
    all.at(to % all.length)?.focus()
  } else if (event.key === 'Escape' || event.key === 'Tab') {
    event.preventDefault()
    close(true)
  }
}

/** Below the button, flush with its right edge, and always inside the window. */
function place(popup: HTMLElement | null, anchor: HTMLElement): void {
  if (!popup) return
  const at = anchor.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = popup
  const left = Math.min(Math.max(8, at.right - width), window.innerWidth - width - 8)
  const below = at.bottom + 4
  const top = below + height > window.innerHeight - 8 ? Math.max(8, at.top - height - 4) : below
  popup.style.left = `${left}px`
  popup.style.top = `${top}px`
}
