// a select or datalist of the browser cannot ask the server for its options: these roles make one that can
/* oxlint-disable jsx-a11y/prefer-tag-over-role */
import React, { useEffect, useId, useRef, useState } from 'react'
import { useLocation } from 'react-router-dom'
import { Icon } from '../parts/Icon.tsx'
import { SearchAnswer, choicesIn, optionId } from './SearchAnswer.tsx'
import { useFind } from './useFind.ts'

/** A field and what is found for it. Nothing of it is kept once it is closed. */
export function SearchDialog({ close }: { close: () => void }) {
  const dialog = useModal()
  const listId = useId()
  const finding = useFind()
  const { text, setText, groups, searching } = finding
  const [active, setActive] = useState(0)
  const count = choicesIn(groups).length
  useEffect(() => setActive(0), [groups])
  useEffect(() => {
    document.getElementById(optionId(listId, active))?.scrollIntoView({ block: 'nearest' })
  }, [listId, active])
  const onKey = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined && count > 0) setActive((active + step + count) % count)
    // what an older text had found is not what was asked for; a press and a click take the same way
    else if (event.key === 'Enter' && !searching) document.getElementById(optionId(listId, active))?.click()
    else return
    event.preventDefault()
  }
  return (
    <dialog ref={dialog} className="search" aria-label="Search" onClose={close}>
      <div className="search-head">
        <Icon name="Search" size={20} />
        <input
          className="search-input"
          type="text"
          role="combobox"
          autoComplete="off"
          spellCheck={false}
          enterKeyHint="go"
          aria-label="Search people, bookings and payments"
          aria-autocomplete="list"
          aria-expanded={count > 0}
          aria-controls={listId}
          {...(count > 0 ? { 'aria-activedescendant': optionId(listId, active) } : {})}
          placeholder="Name, telephone, e-mail or id"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKey}
        />
        <button
          type="button"
          className="button button-icon button-quiet"
          aria-label="Close the search"
          onClick={() => dialog.current?.close()}
        >
          <Icon name="X" />
        </button>
      </div>
      <SearchAnswer listId={listId} finding={finding} active={active} activate={setActive} />
    </dialog>
  )
}

/** In front of the page until it is closed, by Escape, by a press beside it or by going somewhere. */
function useModal(): React.RefObject<HTMLDialogElement> {
  const modal = useRef<HTMLDialogElement>(null)
  const { key } = useLocation()
  const openedOn = useRef(key)
  useEffect(() => {
    const dialog = modal.current
    const beside = (event: MouseEvent) => event.target === dialog && dialog?.close()
    dialog?.showModal()
    dialog?.addEventListener('click', beside)
    return () => dialog?.removeEventListener('click', beside)
  }, [])
  useEffect(() => {
    if (key !== openedOn.current) modal.current?.close()
  }, [key])
  return modal
}
