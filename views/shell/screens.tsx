import React, { useEffect } from 'react'
import { useSelector } from 'react-redux'
import { useLocation, useParams } from 'react-router-dom'
import { ActionScreen } from '../action/ActionScreen.tsx'
import { isOwn } from '../actions.ts'
import { ApiError } from '../api.ts'
import { useResource } from '../areas.ts'
import { useLabels } from '../labels.ts'
import { ListScreen } from '../list/ListScreen.tsx'
import { useLoad } from '../load.ts'
import { ErrorState } from '../parts/ErrorState.tsx'
import { Skeleton } from '../parts/State.tsx'
import { actionApi, listPath } from '../paths.ts'
import { matchingQuery } from '../query.ts'
import { Breadcrumbs } from '../record/Breadcrumbs.tsx'
import { NewScreen } from '../record/NewScreen.tsx'
import { useTitleOfPage } from '../title.ts'
import type { ActionJSON, BulkResponse, RecordJSON, ResourceJSON } from '../types.ts'
import { userComponent } from '../user-components.ts'

/** The screens behind AdminJS's addresses; records have theirs in `record/`. */

const missing = new ApiError(404, 'This page does not exist, or your role may not open it.')

export function NotFoundScreen() {
  useTitleOfPage('Not found')
  return <ErrorState error={missing} />
}

export function ResourceScreen() {
  const { resourceId } = useParams()
  const resource = useResource(resourceId)
  if (!resource?.resourceActions.some(({ name }) => name === 'list')) return <NotFoundScreen />
  return <ListScreen key={resource.id} resource={resource} />
}

interface ActionScreenProps {
  action: ActionJSON
  resource: ResourceJSON
  records?: RecordJSON[]
}

export function ResourceActionScreen() {
  const { resourceId, actionName } = useParams()
  const resource = useResource(resourceId)
  const action = resource?.resourceActions.find(({ name }) => name === actionName)
  if (!resource || !action) return <NotFoundScreen />
  if (action.name === 'list') return <ListScreen key={resource.id} resource={resource} />
  if (action.name === 'new' && !action.component) return <NewScreen key={resource.id} {...{ resource, action }} />
  if (isOwn(action))
    return <ActionScreen key={action.name} {...{ resource, action }} target={{ resourceId: resource.id }} />
  return <OwnScreen resource={resource} action={action} />
}

/** An action on several records that has a component of its own. */
export function BulkActionScreen() {
  const { resourceId, actionName } = useParams()
  const { search } = useLocation()
  const resource = useResource(resourceId)
  const action = resource?.actions.find(({ name, actionType }) => name === actionName && actionType === 'bulk')
  const recordIds = new URLSearchParams(search).get('recordIds')?.split(',') ?? []
  if (!resource || !action || recordIds.length === 0) return <NotFoundScreen />
  if (isOwn(action)) {
    const chosen = recordIds[0] === 'all' ? { matching: matchingQuery(search) } : { recordIds }
    return <ActionScreen key={action.name} {...{ resource, action }} target={{ resourceId: resource.id, ...chosen }} />
  }
  return <LoadedBulkAction api={actionApi(action, { resourceId: resource.id, recordIds })} {...{ resource, action }} />
}

function LoadedBulkAction({ api, ...screen }: ActionScreenProps & { api: string }) {
  const { data, error, reload } = useLoad<BulkResponse>(api)
  if (error) return <ErrorState error={error} retry={reload} />
  if (!data) return <Skeleton />
  return <OwnScreen {...screen} records={data.records ?? []} />
}

function OwnScreen({ resource, action, ...rest }: ActionScreenProps) {
  const labels = useLabels()
  const Own = userComponent<ActionScreenProps>(action.component)
  useTitleOfPage(labels.action(action, resource))
  if (!Own) return <NotFoundScreen />
  return (
    <div className="record-screen">
      <Breadcrumbs trail={[{ label: labels.resource(resource), to: resource.href ?? listPath(resource.id) }]} />
      <div className="screen-head">
        <h1>{labels.action(action, resource)}</h1>
      </div>
      <Own resource={resource} action={action} {...rest} />
    </div>
  )
}

interface Page {
  name: string
  component: string
}

export function PageScreen() {
  const { pageName } = useParams()
  const page = useSelector((state: { pages: Page[] }) => state.pages.find(({ name }) => name === pageName))
  const Own = userComponent<object>(page?.component)
  return Own ? <Own /> : <NotFoundScreen />
}

/** After a change of page the keyboard and the screen reader start at its top. */
export function useFocusOnNavigation(main: React.RefObject<HTMLElement>): void {
  const { pathname } = useLocation()
  const first = React.useRef(true)
  useEffect(() => {
    if (!first.current) {
      main.current?.focus({ preventScroll: true })
      main.current?.scrollTo({ top: 0 })
    }
    first.current = false
  }, [main, pathname])
}
