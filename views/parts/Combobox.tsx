import React, { useId, useRef, useState } from 'react'
import { getJson } from '../api.ts'
import { searchApi } from '../paths.ts'
import type { RecordJSON } from '../types.ts'
import type { ControlProps } from './Field.tsx'
import { Icon } from './Icon.tsx'

interface ComboboxProps {
  control: ControlProps
  /** Resource to search in. Nothing is asked before the field is opened or typed into. */
  resourceId: string
  /** Title of what is chosen now. */
  chosen: string | null
  onChoose: (record: RecordJSON | null) => void
}

const PAUSE_MS = 200

/** A field that finds one record by typing (the combobox pattern of the ARIA practices). */
export function Combobox({ control, resourceId, chosen, onChoose }: ComboboxProps) {
  const [typed, setTyped] = useState<string | null>(null)
  const [active, setActive] = useState(0)
  const listId = useId()
  const { found, search, cancel } = useSearch(resourceId)
  const open = typed !== null
  const options = found.records

  const close = () => {
    cancel()
    setTyped(null)
  }
  const look = (text: string, pause = PAUSE_MS) => {
    setTyped(text)
    setActive(0)
    search(text, pause)
  }
  const choose = (record: RecordJSON | null) => {
    close()
    onChoose(record)
  }
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'Escape' && open) {
      event.preventDefault()
      event.stopPropagation()
      close()
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      if (!open) look('', 0)
      else setActive(wrapped(active + (event.key === 'ArrowDown' ? 1 : -1), options.length))
    } else if (event.key === 'Enter' && open) {
      event.preventDefault()
      const option = options[active]
      if (option) choose(option)
    }
  }
  return (
    <div className="combobox" onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && close()}>
      <input
        {...control}
        className="input"
        type="text"
        role="combobox"
        autoComplete="off"
        aria-autocomplete="list"
        aria-expanded={open}
        aria-controls={listId}
        {...(open && options[active] ? { 'aria-activedescendant': `${listId}-${active}` } : {})}
        placeholder={chosen ? '' : 'Type to search'}
        value={typed ?? chosen ?? ''}
        onChange={(event) => look(event.target.value)}
        onClick={() => !open && look('', 0)}
        onKeyDown={onKeyDown}
      />
      {chosen && !control.disabled ? (
        <button type="button" className="combobox-clear" aria-label={`Clear ${chosen}`} onClick={() => choose(null)}>
          <Icon name="X" size={16} />
        </button>
      ) : null}
      <ul id={listId} role="listbox" className="listbox" hidden={!open} aria-label="Matches">
        {options.map((record, index) => (
          <li
            key={record.id}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === active}
            onPointerDown={(event) => {
              event.preventDefault()
              choose(record)
            }}
          >
            {record.title}
          </li>
        ))}
        {open && options.length === 0 ? (
          <li className="listbox-note" role="option" aria-disabled="true" aria-selected="false">
            {found.note}
          </li>
        ) : null}
      </ul>
    </div>
  )
}

const wrapped = (index: number, length: number): number => (length === 0 ? 0 : (index + length) % length)

interface Found {
  records: RecordJSON[]
  note: string
}

function useSearch(resourceId: string) {
  const [found, setFound] = useState<Found>({ records: [], note: 'Searching…' })
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const running = useRef<AbortController | null>(null)
  const cancel = () => {
    clearTimeout(timer.current)
    running.current?.abort()
  }
  const search = (typed: string, pause: number) => {
    cancel()
    setFound({ records: [], note: 'Searching…' })
    timer.current = setTimeout(async () => {
      const request = new AbortController()
      running.current = request
      try {
        const { records } = await getJson<{ records: RecordJSON[] }>(searchApi(resourceId, typed), request.signal)
        setFound({ records, note: 'Nothing found.' })
      } catch (error) {
        if (!request.signal.aborted) setFound({ records: [], note: (error as Error).message })
      }
    }, pause)
  }
  return { found, search, cancel }
}
