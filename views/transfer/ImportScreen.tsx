import React from 'react'
import { useParams, useSearchParams } from 'react-router-dom'
import { useResource } from '../areas.ts'
import { useLabels } from '../labels.ts'
import { ErrorState } from '../parts/ErrorState.tsx'
import { Skeleton } from '../parts/State.tsx'
import { listPath } from '../paths.ts'
import { Breadcrumbs } from '../record/Breadcrumbs.tsx'
import { NotFoundScreen } from '../shell/screens.tsx'
import { useTitleOfPage } from '../title.ts'
import { panelOf, type ResourceJSON } from '../types.ts'
import { ChooseFile } from './ChooseFile.tsx'
import { CheckReport } from './CheckReport.tsx'
import { MapColumns } from './MapColumns.tsx'
import { Progress } from './Progress.tsx'
import { Steps } from './Steps.tsx'
import { Summary } from './Summary.tsx'
import { type Importing, useImport } from './useImport.ts'

/** Records from a file: choose it, say what its columns are, look at what would happen, import. Its address keeps where it is. */
export function ImportScreen() {
  const { resourceId } = useParams()
  const resource = useResource(resourceId)
  if (!resource || !panelOf(resource).canImport) return <NotFoundScreen />
  return <Import key={resource.id} resource={resource} />
}

function Import({ resource }: { resource: ResourceJSON }) {
  const labels = useLabels()
  const [query, setQuery] = useSearchParams()
  const id = query.get('import')
  const name = labels.resource(resource)
  const title = `Import ${name.toLowerCase()}`
  useTitleOfPage(title)
  return (
    <div className="record-screen import-screen">
      <Breadcrumbs trail={[{ label: name, to: resource.href ?? listPath(resource.id) }]} />
      <div className="screen-head">
        <h1>{title}</h1>
      </div>
      {id ? (
        <Stored key={id} {...{ resource, id }} restart={() => setQuery({})} />
      ) : (
        <>
          <Steps current="file" />
          <ChooseFile resource={resource} chosen={(chosen) => setQuery({ import: chosen })} />
        </>
      )}
    </div>
  )
}

interface StoredProps {
  resource: ResourceJSON
  id: string
  restart: () => void
}

function Stored({ resource, id, restart }: StoredProps) {
  const importing = useImport(resource.id, id)
  const { state, error, reload } = importing
  // while it moves, a look that failed is repeated by itself
  if (error && !state)
    return (
      <ErrorState
        error={error}
        retry={reload}
        way={
          <button type="button" className="button button-primary" onClick={restart}>
            Choose a file
          </button>
        }
      />
    )
  if (!state) return <Skeleton />
  return <Step {...{ resource, importing, restart }} />
}

interface StepProps {
  resource: ResourceJSON
  importing: Importing
  restart: () => void
}

function Step({ resource, importing, restart }: StepProps) {
  const { state } = importing
  const [mapping, setMapping] = React.useState(false)
  React.useEffect(() => setMapping(false), [state?.status])
  if (!state) return null
  const { status } = state
  const mayMap =
    status === 'uploaded' || (mapping && status === 'checked') || (status === 'failed' && state.rowsWritten === 0)
  if (mayMap)
    return (
      <>
        <Steps current="columns" />
        <MapColumns {...{ importing, restart }} />
      </>
    )
  if (status === 'checking' || status === 'running')
    return (
      <>
        <Steps current={status === 'checking' ? 'check' : 'import'} />
        <Progress importing={importing} />
      </>
    )
  if (status === 'checked')
    return (
      <>
        <Steps current="check" />
        <CheckReport {...{ resource, importing, restart }} change={() => setMapping(true)} />
      </>
    )
  return (
    <>
      <Steps current="import" />
      <Summary {...{ resource, importing, restart }} />
    </>
  )
}
