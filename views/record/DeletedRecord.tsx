import React from 'react'
import type { ApiError } from '../api.ts'
import { useLabels } from '../labels.ts'
import { useLoad } from '../load.ts'
import { Badge } from '../parts/Badge.tsx'
import { ErrorState } from '../parts/ErrorState.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Skeleton } from '../parts/State.tsx'
import { deletedApi, listPath } from '../paths.ts'
import { useTitleOfPage } from '../title.ts'
import type { RecordJSON, ResourceJSON } from '../types.ts'
import { Breadcrumbs } from './Breadcrumbs.tsx'
import { Record } from './Record.tsx'

interface DeletedRecordProps {
  resource: ResourceJSON
  recordId: string
  /** What is said where nothing is left of it. */
  error: ApiError
}

/** A record that is no longer there: what it said last, and its history, for whoever reads the audit log. */
export function DeletedRecord({ resource, recordId, error }: DeletedRecordProps) {
  const labels = useLabels()
  const { data, error: unknown } = useLoad<{ record: RecordJSON; sentence: string }>(deletedApi(resource.id, recordId))
  useTitleOfPage(data?.record.title || labels.resource(resource))
  if (unknown) return <ErrorState error={error} />
  if (!data) return <Skeleton lines={8} />
  const { record, sentence } = data
  return (
    <div className="record-screen">
      <Breadcrumbs trail={[{ label: labels.resource(resource), to: resource.href ?? listPath(resource.id) }]} />
      <div className="screen-head">
        <h1>
          {record.title} <Badge tone="danger">Deleted</Badge>
        </h1>
      </div>
      <div className="as-of-banner" role="status">
        <Icon name="Trash2" />
        <p>
          <strong>{sentence}</strong> Below is what it said last; its history is kept.
        </p>
      </div>
      <Record resource={resource} record={record} isDeleted />
    </div>
  )
}
