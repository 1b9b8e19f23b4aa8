// roles of a list of choices whose choices are links
/* oxlint-disable jsx-a11y/prefer-tag-over-role */
import React from 'react'
import { Link } from 'react-router-dom'
import { ApiError } from '../api.ts'
import { formatNumber } from '../format.ts'
import { Badge } from '../parts/Badge.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Skeleton } from '../parts/State.tsx'
import { listPath, recordPath } from '../paths.ts'
import { usePaths } from '../session.ts'
import { type Finding, type FoundGroup, type FoundRecord, isEnough } from './useFind.ts'

/** Something that Enter opens: a record, or the list with all that were found of its kind. */
type Choice = { group: FoundGroup; record: FoundRecord | null }

export const choicesIn = (groups: FoundGroup[] | null): Choice[] =>
  (groups ?? []).flatMap((group) => [
    ...group.records.map((record) => ({ group, record })),
    ...(group.more ? [{ group, record: null }] : []),
  ])

export const optionId = (listId: string, index: number): string => `${listId}-${index}`

interface SearchAnswerProps {
  listId: string
  finding: Finding
  active: number
  activate: (index: number) => void
}

export function SearchAnswer({ listId, finding, active, activate }: SearchAnswerProps) {
  const { groups, searching, text } = finding
  const choices = choicesIn(groups)
  return (
    <>
      <div
        id={listId}
        role="listbox"
        aria-label="What was found"
        className={`search-list${searching ? ' search-older' : ''}`}
        hidden={choices.length === 0}
      >
        {(groups ?? []).map((group) => (
          <div key={group.model} role="group" aria-labelledby={`${listId}-${group.model}`}>
            <div id={`${listId}-${group.model}`} role="presentation" className="search-group">
              {group.label}
            </div>
            {choices.map((choice, index) =>
              choice.group === group ? (
                <Option
                  key={choice.record?.id ?? 'more'}
                  id={optionId(listId, index)}
                  choice={choice}
                  text={text.trim()}
                  selected={index === active}
                  select={() => activate(index)}
                />
              ) : null,
            )}
          </div>
        ))}
      </div>
      <InsteadOfChoices finding={finding} count={choices.length} />
      <output className="sr-only">{announced(finding)}</output>
      {choices.length > 0 ? (
        <p className="search-keys" aria-hidden="true">
          <kbd>↑</kbd> <kbd>↓</kbd> to move <kbd>Enter</kbd> to open <kbd>Esc</kbd> to close
        </p>
      ) : null}
    </>
  )
}

interface OptionProps {
  id: string
  choice: Choice
  text: string
  selected: boolean
  select: () => void
}

function Option({ id, choice: { group, record }, text, selected, select }: OptionProps) {
  const path = record
    ? recordPath(group.model, record.id)
    : `${listPath(group.model)}?${new URLSearchParams({ q: text })}`
  return (
    <Link
      id={id}
      role="option"
      aria-selected={selected}
      tabIndex={-1}
      className={record ? 'search-option' : 'search-option search-more'}
      to={path}
      onPointerMove={select}
    >
      {record ? <Named record={record} /> : `All ${group.label.toLowerCase()} with “${text}”`}
      {record ? null : <Icon name="ArrowRight" size={16} />}
    </Link>
  )
}

function Named({ record: { title, details, badge } }: { record: FoundRecord }) {
  return (
    <>
      <span className="search-title">
        {title}
        {details.length > 0 ? <small>{details.join(' · ')}</small> : null}
      </span>
      {badge ? <Badge tone={badge.tone}>{badge.label}</Badge> : null}
    </>
  )
}

function InsteadOfChoices({ finding, count }: { finding: Finding; count: number }) {
  const { text, groups, searching, error, retry } = finding
  if (error) return <Failure error={error} retry={retry} />
  if (count > 0) return null
  if (searching)
    return (
      <div className="search-note">
        <Skeleton lines={3} label="Searching" />
      </div>
    )
  return (
    <p className="search-note">
      {groups && isEnough(text.trim())
        ? `Nothing found for “${text.trim()}”. Try part of a name, a telephone number, or the last six characters of an id.`
        : 'Type at least two characters of a name, a telephone number, an e-mail address, or the end of an id like #6a235f.'}
    </p>
  )
}

function Failure({ error, retry }: { error: Error; retry: () => void }) {
  const { loginPath } = usePaths()
  const status = error instanceof ApiError ? error.status : 500
  return (
    <div className="search-note" role="alert">
      <p>{error.message}</p>
      {status === 401 ? (
        <a className="button button-primary" href={loginPath}>
          Sign in
        </a>
      ) : status === 400 ? null : (
        <button type="button" className="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  )
}

/** For those who cannot see the list change. */
function announced({ groups, searching }: Finding): string {
  if (searching || !groups) return ''
  const count = groups.reduce((sum, { records }) => sum + records.length, 0)
  if (count === 0) return 'Nothing found'
  const where = groups.map(({ label }) => label.toLowerCase()).join(', ')
  return `${formatNumber(count)} found in ${where}`
}
