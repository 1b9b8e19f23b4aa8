import React, { useEffect, useState } from 'react'
import { Link } from 'react-router-dom'
import { useLoad } from '../load.ts'
import { ErrorState } from '../parts/ErrorState.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Skeleton } from '../parts/State.tsx'
import { importPath, importRowsApi } from '../paths.ts'
import { RowsAndReasons } from './Problems.tsx'
import type { ImportState } from './types.ts'

/** A page of the rows that an import has left behind (src/admin/endpoints/import-rows.ts). */
interface Page {
  rows: ImportState['problems']
  next: number | null
  /** Why there are none to see. */
  sentence: string | null
  /** The list that it goes into, for whoever began it and can go on with it. */
  open: string | null
}

/** Beside the record of an import: its refused rows with their reasons, and the way back to where it is done. */
export function ImportRows({ id }: { id: string }) {
  const [after, setAfter] = useState(0)
  const [rows, setRows] = useState<Page['rows']>([])
  const { data, error, loading, reload } = useLoad<Page>(importRowsApi(id, after))
  useEffect(() => {
    const from = data?.rows[0]?.number ?? Infinity
    if (data) setRows((before) => [...before.filter(({ number }) => number < from), ...data.rows])
  }, [data])
  if (error) return <ErrorState error={error} retry={reload} />
  return (
    <section className="card related" aria-labelledby="import-rows">
      <h2 id="import-rows">Rows that were refused</h2>
      <div className="import-problems import-rows">
        {data ? null : <Skeleton lines={3} />}
        {data?.sentence ? <p className="muted">{data.sentence}</p> : null}
        {rows.length > 0 ? <RowsAndReasons rows={rows} /> : null}
        {data?.next ? (
          <button type="button" className="button" aria-disabled={loading} onClick={() => setAfter(data.next!)}>
            {loading ? 'Loading…' : 'Show more'}
          </button>
        ) : null}
        {data?.open ? (
          <Link className="button" to={`${importPath(data.open)}?import=${id}`}>
            <Icon name="Upload" size={16} /> Open this import
          </Link>
        ) : null}
      </div>
    </section>
  )
}
