import React, { useEffect, useMemo, useRef, useState } from 'react'
import { Link, useLocation } from 'react-router-dom'
import { useRunAction } from '../actions.ts'
import { ApiError } from '../api.ts'
import { formatCount } from '../format.ts'
import { useLabels } from '../labels.ts'
import { useLoad } from '../load.ts'
import { useNotify } from '../notices.ts'
import { ErrorState } from '../parts/ErrorState.tsx'
import { countsApi, listApi } from '../paths.ts'
import { countsQuery, listQuery, readFilters, withColumns } from '../query.ts'
import { useTitleOfPage } from '../title.ts'
import { rememberPopulated } from '../titles.ts'
import { panelOf, type BasePropertyJSON, type ListResponse, type RecordJSON, type ResourceJSON } from '../types.ts'
import { BulkBar } from './BulkBar.tsx'
import { NothingHere } from './NothingHere.tsx'
import { FilterChips } from './FilterChips.tsx'
import { ListHeader } from './ListHeader.tsx'
import { Pagination } from './Pagination.tsx'
import { RecordsTable } from './RecordsTable.tsx'
import { TableSkeleton } from './TableSkeleton.tsx'
import { Tabs, type ListCounts } from './Tabs.tsx'
import { useColumns } from './useColumns.ts'

/** A resource's records. Opening it asks the server for a page, and beside it for counts. */
export function ListScreen({ resource }: { resource: ResourceJSON }) {
  const labels = useLabels()
  const { search } = useLocation()
  const columns = useColumns(resource)
  const asked = listQuery(withColumns(search, columns.chosen))
  const { data: list, error, loading, reload: reloadList } = useLoad<ListResponse>(listApi(resource.id, asked))
  const counts = useCounts(resource, list?.meta.totalIsCapped === true)
  const about = counts.data?.about
  const data = useMemo(() => list && { ...list, meta: { ...list.meta, ...(about ? { about } : {}) } }, [list, about])
  const reload = () => {
    reloadList()
    counts.reload()
  }
  const notify = useNotify()
  const references = useMemo(() => referencesOf(columns.columns), [columns.columns])
  const selection = useSelection(list)
  const run = useRunAction(resource, reload)
  useTitleOfPage(labels.resource(resource))
  useEffect(() => {
    if (!data) return
    rememberPopulated(data.records, references)
    notify(data.notice)
  }, [data, references, notify])

  const filters = readFilters(search)
  const count = data ? formatCount(data.meta.total, data.meta.totalIsCapped === true, about) : null
  return (
    <div className="list-screen" aria-busy={loading}>
      <ListHeader resource={resource} columns={columns} count={count} filters={filters} meta={data?.meta} run={run} />
      <Tabs resource={resource} counts={counts.data} />
      {data ? <FilterChips resource={resource} filters={filters} records={data.records} /> : null}
      <BulkBar resource={resource} selected={selection.records} meta={data?.meta} clear={selection.clear} run={run} />
      {error ? <ErrorState error={error} retry={reload} way={<WholeList error={error} />} /> : null}
      {!error && !data ? <TableSkeleton count={columns.columns.length} /> : null}
      {!error && data?.records.length === 0 ? <NothingHere resource={resource} filters={filters} /> : null}
      {!error && data && data.records.length > 0 ? (
        <RecordsTable
          resource={resource}
          columns={columns.columns}
          areChosen={columns.chosen !== null}
          list={data}
          loading={loading}
          selection={selection}
          run={run}
        />
      ) : null}
      {!error && data ? <Pagination meta={data.meta} count={data.records.length} /> : null}
    </div>
  )
}

/** The counts beside the list: at once where tabs show them, and else only when the list has more than it counts. */
function useCounts(resource: ResourceJSON, isCapped: boolean) {
  const { search } = useLocation()
  const isWanted = isCapped || panelOf(resource).scopes.some(({ counted }) => counted)
  return useLoad<ListCounts>(isWanted ? countsApi(resource.id, countsQuery(search)) : null)
}

/** Out of an address whose filter, order or page the server does not take. */
function WholeList({ error }: { error: Error }) {
  if (!(error instanceof ApiError) || error.status !== 400) return null
  return (
    <Link className="button button-primary" to={{ search: '' }}>
      Show the whole list
    </Link>
  )
}

export interface Selection {
  records: RecordJSON[]
  has: (record: RecordJSON) => boolean
  toggle: (record: RecordJSON) => void
  toggleAll: () => void
  clear: () => void
}

/** The ticked rows. They are those of the page that is shown: another page starts with none. */
function useSelection(data: ListResponse | null): Selection {
  const [records, setRecords] = useState<RecordJSON[]>([])
  const shown = useRef(data)
  useEffect(() => {
    if (shown.current !== data) setRecords([])
    shown.current = data
  }, [data])
  const has = (record: RecordJSON) => records.some(({ id }) => id === record.id)
  const selectable = (data?.records ?? []).filter((record) => record.bulkActions.length > 0)
  return {
    records,
    has,
    toggle: (record) => setRecords(has(record) ? records.filter(({ id }) => id !== record.id) : [...records, record]),
    toggleAll: () => setRecords(records.length < selectable.length ? selectable : []),
    clear: () => setRecords([]),
  }
}

function referencesOf(columns: readonly BasePropertyJSON[]): Record<string, string> {
  const referring = columns.flatMap(({ propertyPath, reference }) =>
    reference ? [[propertyPath, reference] as const] : [],
  )
  return Object.fromEntries(referring)
}
