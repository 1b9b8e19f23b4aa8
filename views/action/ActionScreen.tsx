import React, { useState } from 'react'
import { useLocation, useNavigate } from 'react-router-dom'
import { ErrorState } from '../parts/ErrorState.tsx'
import { Skeleton } from '../parts/State.tsx'
import { useLabels } from '../labels.ts'
import { useLoad } from '../load.ts'
import { useNotify } from '../notices.ts'
import { listPath, ownActionApi, recordPath, type Target } from '../paths.ts'
import { Breadcrumbs } from '../record/Breadcrumbs.tsx'
import { useTitleOfPage } from '../title.ts'
import type { ActionJSON, ResourceJSON } from '../types.ts'
import { ActionForm } from './ActionForm.tsx'
import { useLeaveOut } from './leaveOut.ts'
import { RunProgress } from './RunProgress.tsx'
import type { ActionForm as Form, Ended } from './types.ts'

interface ActionScreenProps {
  resource: ResourceJSON
  action: ActionJSON
  target: Target
}

/** An action on a page of its own, with the progress of its run once it is under way: the address remembers it. */
export function ActionScreen({ resource, action, target }: ActionScreenProps) {
  const labels = useLabels()
  const { search } = useLocation()
  const run = new URLSearchParams(search).get('run')
  const back = target.recordId ? recordPath(resource.id, target.recordId) : listPath(resource.id)
  const [title, setTitle] = useState(labels.action(action, resource))
  useTitleOfPage(title)
  return (
    <div className="record-screen">
      <Breadcrumbs trail={[{ label: labels.resource(resource), to: listPath(resource.id) }]} />
      <div className="screen-head">
        <h1>{title}</h1>
      </div>
      {run ? (
        <div className="card">
          <RunProgress run={run} backTo={back} back={target.recordId ? 'Back to the record' : 'Back to the list'} />
        </div>
      ) : (
        <Opened {...{ resource, action, target, back }} named={setTitle} />
      )}
    </div>
  )
}

function Opened({
  resource,
  action,
  target: chosen,
  back,
  named,
}: ActionScreenProps & { back: string; named: (title: string) => void }) {
  const { target, leaveOut } = useLeaveOut(chosen)
  const api = ownActionApi(action, target)
  const { data, error, reload } = useLoad<{ form: Form }>(api)
  const navigate = useNavigate()
  const notify = useNotify()
  const { pathname, search } = useLocation()
  const title = data?.form.title
  React.useEffect(() => {
    if (title) named(title)
  }, [title, named])
  const ended = (answer: Ended) => {
    if (answer.state !== 'done') {
      const query = new URLSearchParams(search)
      query.set('run', answer.run)
      return navigate({ pathname, search: query.toString() }, { replace: true })
    }
    notify({ message: answer.message, type: 'success' })
    navigate(answer.open ? recordPath(answer.open.model, answer.open.id) : back, { replace: true })
  }
  if (error) return <ErrorState error={error} retry={reload} />
  if (!data) return <Skeleton lines={5} />
  return (
    <div className="card action-card">
      <ActionForm {...{ resource, api, ended, leaveOut }} form={data.form} cancel={() => navigate(back)} />
    </div>
  )
}
