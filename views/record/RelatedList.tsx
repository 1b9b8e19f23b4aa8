import React, { useState } from 'react'
import { Link } from 'react-router-dom'
import { useResource } from '../areas.ts'
import { formatCount, formatRange } from '../format.ts'
import { isRightAligned } from '../kinds.ts'
import { useLabels } from '../labels.ts'
import { columnsOf } from '../list/columns.ts'
import { useLoad } from '../load.ts'
import { ErrorState } from '../parts/ErrorState.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Skeleton } from '../parts/State.tsx'
import { pagePath, recordPath, relatedApi } from '../paths.ts'
import { Property } from '../Property.tsx'
import type { BasePropertyJSON, ListResponse, RecordJSON, RelatedFacts, ResourceJSON } from '../types.ts'

interface RelatedListProps {
  list: RelatedFacts
  resource: ResourceJSON
  record: RecordJSON
}

interface Place {
  page: number
  cursor: string | null
}

/** The records that refer to this one, a page at a time. */
export function RelatedList({ list, resource, record }: RelatedListProps) {
  const target = useResource(list.resourceId)
  const [{ page, cursor }, setPlace] = useState<Place>({ page: 1, cursor: null })
  const query = new URLSearchParams({ page: String(page), ...(cursor ? { cursor } : {}) })
  const { data, error, reload } = useLoad<ListResponse>(relatedApi(resource.id, record.id, `${list.name}?${query}`))
  if (!target) return null
  const heading = `related-${list.name}`
  return (
    <section className="card related" aria-labelledby={heading}>
      <h2 id={heading}>
        {list.label}{' '}
        {data?.records.length ? (
          <span className="count">{formatCount(data.meta.total, data.meta.totalIsCapped ?? false)}</span>
        ) : null}
        <WeekLink {...{ target, record }} />
        <StatementLink {...{ resource, target, record }} />
      </h2>
      {error ? <ErrorState error={error} retry={reload} /> : null}
      {!data && !error ? <Skeleton lines={3} /> : null}
      {data?.records.length === 0 ? <p className="related-none muted">None yet</p> : null}
      {data && data.records.length > 0 ? (
        <>
          <Rows list={list} target={target} records={data.records} />
          <Pages response={data} label={list.label} go={setPlace} />
        </>
      ) : null}
    </section>
  )
}

/** Hours are changed for all days of a week on one screen. */
function WeekLink({ target, record }: { target: ResourceJSON; record: RecordJSON }) {
  const mayPlan = target.resourceActions.some(({ name }) => name === 'new')
  if (target.id !== 'InstructorWorkingHours' || !mayPlan) return null
  return (
    <Link className="button button-quiet" to={`${pagePath('working-week')}?instructor=${record.id}`}>
      <Icon name="Edit2" size={16} /> Edit the week
    </Link>
  )
}

/** What an instructor earned and got, in the order of the books. */
function StatementLink({
  resource,
  target,
  record,
}: {
  resource: ResourceJSON
  target: ResourceJSON
  record: RecordJSON
}) {
  const seesBooks = useResource('LedgerEntry') !== undefined
  if (resource.id !== 'Instructor' || target.id !== 'Payout' || !seesBooks) return null
  return (
    <Link className="button button-quiet" to={`${pagePath('statement')}?instructor=${record.id}`}>
      <Icon name="FileText" size={16} /> Statement
    </Link>
  )
}

interface RowsProps {
  list: RelatedFacts
  target: ResourceJSON
  records: RecordJSON[]
}

function Rows({ list, target, records }: RowsProps) {
  const labels = useLabels()
  const columns = list.columns.flatMap((name) => target.properties[name] ?? [])
  const { opener, others } = columnsOf(target, columns)
  const className = (property: BasePropertyJSON) => (isRightAligned(property) ? 'cell-number' : '')
  return (
    // focusable, so that arrow keys can scroll it
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="related-frame" role="region" aria-label={list.label} tabIndex={0}>
      <table className="records">
        <caption className="sr-only">{list.label}</caption>
        <thead>
          <tr>
            <th scope="col">{opener ? labels.property(opener) : 'Name'}</th>
            {others.map((property) => (
              <th key={property.propertyPath} scope="col" className={className(property)}>
                {labels.property(property)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <tr key={record.id}>
              <th scope="row" className="cell-title">
                <div className="cell">
                  <Opener record={record} target={target} property={opener} />
                </div>
              </th>
              {others.map((property) => (
                <td key={property.propertyPath} data-label={labels.property(property)} className={className(property)}>
                  <div className="cell">
                    <Property where="list" property={property} resource={target} record={record} />
                  </div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface OpenerProps {
  record: RecordJSON
  target: ResourceJSON
  property: BasePropertyJSON | null
}

function Opener({ record, target, property }: OpenerProps) {
  const isNamed = property !== null && record.params[property.propertyPath] !== null
  return (
    <Link className="row-title" to={recordPath(target.id, record.id)}>
      {isNamed ? <Property where="list" property={property} resource={target} record={record} /> : record.title}
    </Link>
  )
}

interface PagesProps {
  response: ListResponse
  label: string
  go: (place: Place) => void
}

function Pages({ response: { meta, records }, label, go }: PagesProps) {
  const { page, perPage } = meta
  const first = (page - 1) * perPage + 1
  if (page === 1 && !meta.next) return null
  return (
    <nav className="related-pages" aria-label={`Pages of ${label.toLowerCase()}`}>
      <span className="pagination-range">{formatRange(first, records.length, meta)}</span>
      <Step
        label="Previous page"
        icon="ChevronLeft"
        go={page > 1 ? () => go({ page: page - 1, cursor: page === 2 ? null : (meta.previous ?? null) }) : null}
      />
      <Step
        label="Next page"
        icon="ChevronRight"
        go={meta.next ? () => go({ page: page + 1, cursor: meta.next ?? null }) : null}
      />
    </nav>
  )
}

function Step({ label, icon, go }: { label: string; icon: string; go: (() => void) | null }) {
  return (
    <button
      type="button"
      className={go ? 'button button-icon' : 'button button-icon button-off'}
      aria-label={label}
      aria-disabled={go === null}
      onClick={() => go?.()}
    >
      <Icon name={icon} />
    </button>
  )
}
