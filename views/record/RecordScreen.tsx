import React, { useEffect } from 'react'
import { useParams } from 'react-router-dom'
import { ApiError } from '../api.ts'
import { ActionScreen } from '../action/ActionScreen.tsx'
import { actionsNamed, isOwn } from '../actions.ts'
import { useResource } from '../areas.ts'
import { useLabels } from '../labels.ts'
import { useLoad } from '../load.ts'
import { useNotify } from '../notices.ts'
import { ErrorState } from '../parts/ErrorState.tsx'
import { Skeleton } from '../parts/State.tsx'
import { recordApi } from '../paths.ts'
import { useTitleOfPage } from '../title.ts'
import type { ActionJSON, RecordJSON, RecordResponse, ResourceJSON } from '../types.ts'
import { userComponent } from '../user-components.ts'
import { DeletedRecord } from './DeletedRecord.tsx'
import { EditForm } from './EditForm.tsx'
import { RecordHeader } from './RecordHeader.tsx'
import { Record } from './Record.tsx'

/** A record under one of its actions: looked at, edited, or a screen of its own. */
export function RecordScreen() {
  const { resourceId = '', recordId = '', actionName = '' } = useParams()
  const resource = useResource(resourceId)
  if (!resource)
    return <ErrorState error={new ApiError(404, 'This page does not exist, or your role may not open it.')} />
  const own = resource.actions.find((action) => action.name === actionName && isOwn(action))
  if (own) return <ActionScreen key={own.name} resource={resource} action={own} target={{ resourceId, recordId }} />
  return (
    <Loaded
      key={`${resourceId}/${recordId}/${actionName}`}
      resource={resource}
      recordId={recordId}
      actionName={actionName}
    />
  )
}

interface LoadedProps {
  resource: ResourceJSON
  recordId: string
  actionName: string
}

function Loaded({ resource, recordId, actionName }: LoadedProps) {
  const labels = useLabels()
  const notify = useNotify()
  const hasLog = useResource('AuditLog') !== undefined
  const { data, error, reload } = useLoad<RecordResponse>(recordApi(resource.id, recordId, actionName))
  const refused = data ? refusal(data) : null
  const record = data?.record
  const action = record && actionsNamed(record.recordActions, resource).find(({ name }) => name === actionName)
  useTitleOfPage(refused ? labels.resource(resource) : record?.title || labels.resource(resource))
  useEffect(() => {
    if (data && !refusal(data)) notify(data.notice)
  }, [data, notify])

  const problem = refused ? new ApiError(refused.status, labels.message(refused.message, resource.id)) : error
  if (problem instanceof ApiError && problem.status === 404 && hasLog && actionName === 'show')
    return <DeletedRecord {...{ resource, recordId }} error={problem} />
  if (problem) return <ErrorState error={problem} retry={reload} />
  if (!data) return <Skeleton lines={8} />
  if (!record || !action || action.component === false) {
    return <ErrorState error={new ApiError(403, 'This is not possible for this record, or not for your role.')} />
  }
  return (
    <div className="record-screen">
      <RecordHeader resource={resource} record={record} action={action} reload={reload} />
      <Body resource={resource} record={record} action={action} reload={reload} />
    </div>
  )
}

interface BodyProps {
  resource: ResourceJSON
  record: RecordJSON
  action: ActionJSON
}

function Body({ resource, record, action, reload }: BodyProps & { reload: () => void }) {
  const Own = userComponent<BodyProps>(action.component)
  if (Own) return <Own resource={resource} record={record} action={action} />
  if (action.name === 'edit') return <EditForm resource={resource} record={record} />
  return <Record resource={resource} record={record} reload={reload} />
}

// AdminJS answers 200 with a base error where a record is missing or forbidden
function refusal({ record, notice }: RecordResponse): { status: number; message: string } | null {
  const type = record?.baseError?.type
  if (!type || !['App', 'NotFound', 'Forbidden'].includes(type)) return null
  const sentence = record.baseError?.message || notice?.message || 'anyForbiddenError'
  return { status: type === 'NotFound' ? 404 : 403, message: sentence }
}
