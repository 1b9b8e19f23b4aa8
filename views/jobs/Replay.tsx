import React from 'react'
import { useActionDialog } from '../action/ActionDialog.tsx'
import { useResource } from '../areas.ts'
import { Icon } from '../parts/Icon.tsx'

const DELIVERY = 'OutboxDelivery'

/** Has the events of a time done once more; the dialog says how many before anything happens. */
export function Replay({ done }: { done: () => void }) {
  const ask = useActionDialog()
  const resource = useResource(DELIVERY)
  const action = resource?.resourceActions.find(({ name }) => name === 'replay')
  if (!resource || !action) return null
  return (
    <button
      type="button"
      className="button"
      onClick={() => ask({ resource, action, target: { resourceId: DELIVERY }, stay: true, done })}
    >
      <Icon name="Rewind" size={16} /> Replay events
    </button>
  )
}
