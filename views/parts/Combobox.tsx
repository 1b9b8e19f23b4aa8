// a select or datalist of the browser cannot ask the server for its options: these roles make one that can
/* oxlint-disable jsx-a11y/prefer-tag-over-role */
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

/** A field that finds one record by typing (the combobox pattern of the ARIA practices). */
export function Combobox({ control, resourceId, chosen, onChoose }: ComboboxProps) {
  const listId = useId()
  const choices = useChoices(resourceId, onChoose)
  const { typed, active, found, look, choose, close } = choices
  const option = found.records[active]
  return (
    <div className="combobox" onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && close()}>
      <input
        {...control}
        className="input"
        type="text"
        role="combobox"
        autoComplete="off"
        aria-autocomplete="list"
        aria-expanded={typed !== null}
        aria-controls={listId}
        {...(typed !== null && option ? { 'aria-activedescendant': `${listId}-${active}` } : {})}
        placeholder={chosen ? '' : 'Type to search'}
        value={typed ?? chosen ?? ''}
        onChange={(event) => look(event.target.value, PAUSE_MS)}
        onClick={() => typed === null && look('', 0)}
        onKeyDown={(event) => onKey(event, choices)}
      />
      {chosen && !control.disabled ? (
        <button type="button" className="combobox-clear" aria-label={`Clear ${chosen}`} onClick={() => choose(null)}>
          <Icon name="X" size={16} />
        </button>
      ) : null}
      <Options id={listId} choices={choices} />
    </div>
  )
}

const PAUSE_MS = 200

function Options({ id, choices }: { id: string; choices: Choices }) {
  const { typed, active, found, choose } = choices
  if (typed === null) return <div id={id} role="listbox" aria-label="Matches" hidden />
  return (
    <div id={id} role="listbox" className="listbox" aria-label="Matches">
      {found.records.map((record, index) => (
        <div
          key={record.id}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          className="option"
          onPointerDown={(event) => {
            // before the field loses the focus, and with it its list
            event.preventDefault()
            choose(record)
          }}
        >
          {record.title}
        </div>
      ))}
      {found.records.length === 0 ? (
        <div className="option option-note" role="option" tabIndex={-1} aria-disabled="true" aria-selected="false">
          {found.note}
        </div>
      ) : null}
    </div>
  )
}

function onKey(event: React.KeyboardEvent, { typed, active, found, ...choices }: Choices): void {
  const { key } = event
  if (key === 'ArrowDown' || key === 'ArrowUp') {
    event.preventDefault()
    if (typed === null) choices.look('', 0)
    else choices.activate(active + (key === 'ArrowDown' ? 1 : -1))
  } else if (key === 'Enter' && typed !== null) {
    event.preventDefault()
    const option = found.records[active]
    if (option) choices.choose(option)
  } else if (key === 'Escape' && typed !== null) {
    // closes the list, not the panel around it
    event.preventDefault()
    event.stopPropagation()
    choices.close()
  }
}

type Choices = ReturnType<typeof useChoices>

interface Found {
  records: RecordJSON[]
  /** Said in place of options. */
  note: string
}

const searching: Found = { records: [], note: 'Searching…' }

/** What is typed (null: the list is closed), what was found for it, and which of it the arrow keys have reached. */
function useChoices(resourceId: string, onChoose: ComboboxProps['onChoose']) {
  const [typed, setTyped] = useState<string | null>(null)
  const [active, setActive] = useState(0)
  const [found, setFound] = useState(searching)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const running = useRef<AbortController | null>(null)
  const close = () => {
    clearTimeout(timer.current)
    running.current?.abort()
    setTyped(null)
  }
  const ask = async (text: string) => {
    const request = new AbortController()
    running.current = request
    try {
      const { records } = await getJson<{ records: RecordJSON[] }>(searchApi(resourceId, text), request.signal)
      setFound({ records, note: 'Nothing found.' })
    } catch (error) {
      if (!request.signal.aborted) setFound({ records: [], note: (error as Error).message })
    }
  }
  const look = (text: string, pause: number) => {
    close()
    setTyped(text)
    setActive(0)
    setFound(searching)
    timer.current = setTimeout(() => void ask(text), pause)
  }
  const choose = (record: RecordJSON | null) => {
    close()
    onChoose(record)
  }
  const count = found.records.length
  const activate = (index: number) => setActive(count === 0 ? 0 : (index + count) % count)
  return { typed, active, found, look, choose, close, activate }
}
