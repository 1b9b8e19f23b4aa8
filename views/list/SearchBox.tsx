import React, { useEffect, useRef, useState } from 'react'
import { useLocation, useNavigate } from 'react-router-dom'
import { useLabels } from '../labels.ts'
import { Icon } from '../parts/Icon.tsx'
import { readWords, withWords } from '../query.ts'
import type { ResourceJSON } from '../types.ts'

const PAUSE_MS = 300

/** Narrows the list to what contains the words, while they are typed. The address keeps them. */
export function SearchBox({ resource }: { resource: ResourceJSON }) {
  const labels = useLabels()
  const { typed, type, look } = useWords()
  const name = labels.resource(resource).toLowerCase()
  return (
    <form
      role="search"
      className="list-search"
      onSubmit={(event) => {
        event.preventDefault()
        look(typed)
      }}
    >
      <Icon name="Search" size={16} />
      <input
        type="search"
        className="input"
        aria-label={`Search ${name}`}
        placeholder="Search"
        autoComplete="off"
        maxLength={100}
        value={typed}
        onChange={(event) => type(event.target.value)}
      />
    </form>
  )
}

/** What is typed, ahead of the address by a pause. */
function useWords() {
  const { search } = useLocation()
  const navigate = useNavigate()
  const inAddress = readWords(search)
  const [typed, setTyped] = useState(inAddress)
  const latest = useRef(search)
  const sent = useRef(inAddress)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  latest.current = search
  useEffect(() => {
    // somebody else changed it: back, a saved view, the whole list
    if (inAddress !== sent.current) setTyped(inAddress)
    sent.current = inAddress
  }, [inAddress])
  useEffect(() => () => clearTimeout(timer.current), [])
  const look = (text: string) => {
    clearTimeout(timer.current)
    sent.current = text.trim()
    // one step of the history for a search, however many letters it took
    const replace = readWords(latest.current) !== ''
    if (sent.current !== readWords(latest.current))
      navigate({ search: withWords(latest.current, sent.current) }, { replace })
  }
  const type = (text: string) => {
    setTyped(text)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => look(text), PAUSE_MS)
  }
  return { typed, type, look }
}
