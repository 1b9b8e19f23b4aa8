import React from 'react'
import { Link, useLocation } from 'react-router-dom'
import { useLabels } from '../labels.ts'
import { Icon } from '../parts/Icon.tsx'
import { State } from '../parts/State.tsx'
import { actionPath } from '../paths.ts'
import { isNarrowed, withNothingNarrowed, withPage, type Filters } from '../query.ts'
import type { ResourceJSON } from '../types.ts'

/**
 * An empty list: because of the filters, because the page is past the end, or because there is nothing yet.
 * The button that stands out is the one in the list's head.
 */
export function NothingHere({ resource, filters }: { resource: ResourceJSON; filters: Filters }) {
  const labels = useLabels()
  const { search } = useLocation()
  const name = labels.resource(resource).toLowerCase()
  if (isNarrowed(search)) {
    return (
      <State
        icon="Filter"
        title={Object.keys(filters).length > 0 ? `No ${name} match these filters` : `No ${name} match`}
        actions={
          <Link className="button" to={{ search: withNothingNarrowed(search) }}>
            {Object.keys(filters).length > 0 ? 'Clear the filters' : 'Show the whole list'}
          </Link>
        }
      />
    )
  }
  if (new URLSearchParams(search).has('page')) {
    return (
      <State
        icon="BookOpen"
        title="This page is past the end of the list"
        actions={
          <Link className="button" to={{ search: withPage(search, 1) }}>
            Go to the first page
          </Link>
        }
      />
    )
  }
  const create = resource.resourceActions.find((action) => action.name === 'new')
  return (
    <State
      icon="Inbox"
      title={`No ${name} yet`}
      actions={
        create ? (
          <Link className="button" to={actionPath(create, { resourceId: resource.id })}>
            <Icon name="Plus" size={16} /> Add the first
          </Link>
        ) : null
      }
    >
      {create ? null : 'They appear here as soon as there are some.'}
    </State>
  )
}
