import { useEffect, useState } from 'react'
import { getJson } from './api.ts'
import { isUuid, shortId } from './format.ts'
import { recordApi } from './paths.ts'
import type { RecordJSON, RecordResponse } from './types.ts'

/** Titles of records that were chosen or shown: a filter holds only the id. */
const titles = new Map<string, string>()

const keyOf = (resourceId: string, id: string): string => `${resourceId}/${id}`

export function rememberTitle(resourceId: string, { id, title }: Pick<RecordJSON, 'id' | 'title'>): void {
  if (title) titles.set(keyOf(resourceId, id), title)
}

/** Keeps the titles of the records that the rows of a list refer to. */
export function rememberPopulated(records: RecordJSON[], references: Record<string, string>): void {
  for (const record of records) {
    for (const [path, resourceId] of Object.entries(references)) {
      const populated = record.populated[path]
      if (populated) rememberTitle(resourceId, populated)
    }
  }
}

/** The title of a record, asked for once when nothing on the page has said it. */
export function useTitle(resourceId: string, id: string | undefined): string {
  const known = id ? titles.get(keyOf(resourceId, id)) : undefined
  const [, update] = useState(0)
  useEffect(() => {
    if (!id || known || !resourceId) return
    getJson<RecordResponse>(recordApi(resourceId, id, 'show'))
      .then(({ record }) => record && rememberTitle(resourceId, { ...record, id }))
      .catch(() => titles.set(keyOf(resourceId, id), fallback(id)))
      .finally(() => update((count) => count + 1))
  }, [resourceId, id, known])
  return known ?? (id ? fallback(id) : '')
}

const fallback = (id: string): string => (isUuid(id) ? shortId(id) : id)
