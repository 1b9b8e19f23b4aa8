import React from 'react'
import { useSearchParams } from 'react-router-dom'
import { EvidencePack } from '../money/EvidencePack.tsx'
import { Icon } from '../parts/Icon.tsx'
import { ImportRows } from '../transfer/ImportRows.tsx'
import { Drives } from '../trip/Drives.tsx'
import { PayoutStanding } from '../payouts/PayoutStanding.tsx'
import { type RecordJSON, type ResourceJSON, panelOf } from '../types.ts'
import { AsOfBanner, AsOfForm, useAsOf } from './AsOf.tsx'
import { Facts } from './Facts.tsx'
import { groupsOf } from './layout.ts'
import { RelatedList } from './RelatedList.tsx'
import { TabPanel, Tabs } from './Tabs.tsx'
import { Timeline } from './Timeline.tsx'

interface RecordProps {
  resource: ResourceJSON
  record: RecordJSON
  /** After its history was undone. */
  reload?: () => void
  isDeleted?: boolean
}

const HISTORY = { name: 'history', label: 'History' }

/** What a record says, in tabs that have addresses; on the first of them also what refers to it. */
export function Record({ resource, record, reload = () => {}, isDeleted = false }: RecordProps) {
  const [query] = useSearchParams()
  const facts = groupsOf(resource, resource.showProperties)
  const tabs = [...facts, HISTORY]
  const open = tabs.find(({ name }) => name === query.get('tab')) ?? tabs[0]!
  const shown = facts.find(({ name }) => name === open.name)
  return (
    <>
      <Links record={record} />
      {resource.id === 'Dispute' && !isDeleted ? (
        <p className="record-links">
          <EvidencePack id={record.id} of={record.title} />
        </p>
      ) : null}
      {open === tabs[0] && !query.has('at') && resource.id === 'Payout' ? <PayoutStanding id={record.id} /> : null}
      <Tabs tabs={tabs} open={open.name} />
      <TabPanel name={open.name}>
        {shown ? <Past resource={resource} record={record} properties={shown.properties} /> : null}
        {open === HISTORY ? <Timeline resource={resource} record={record} changed={reload} /> : null}
      </TabPanel>
      {open === tabs[0] && !query.has('at') && !isDeleted ? <Drives resource={resource} record={record} /> : null}
      {/* what refers to it is told as it is now */}
      {open === tabs[0] && !query.has('at')
        ? panelOf(resource).related.map((list) => (
            <RelatedList key={list.name} list={list} resource={resource} record={record} />
          ))
        : null}
      {open === tabs[0] && resource.id === 'DataImport' ? <ImportRows id={record.id} /> : null}
    </>
  )
}

interface PastProps extends Omit<RecordProps, 'reload'> {
  properties: ResourceJSON['showProperties']
}

/** The facts as they are, or as they were at the time in the address. */
function Past({ resource, record, properties }: PastProps) {
  const past = useAsOf(resource, record)
  return (
    <>
      {past.at ? <AsOfBanner past={past} resource={resource} shown={properties} /> : null}
      <Facts
        resource={resource}
        record={past.record ?? record}
        properties={properties}
        changed={past.record ? past.changed : []}
      />
      {past.at ? null : <AsOfForm />}
    </>
  )
}

function Links({ record }: { record: RecordJSON }) {
  if (!record.links?.length) return null
  return (
    <ul className="record-links">
      {record.links.map(({ label, href }) => (
        <li key={label}>
          <a
            className="button"
            href={href}
            {...(href.startsWith('http') ? { target: '_blank', rel: 'noopener noreferrer' } : {})}
          >
            <Icon
              name={href.startsWith('tel:') ? 'Phone' : href.startsWith('mailto:') ? 'Mail' : 'ExternalLink'}
              size={16}
            />{' '}
            {label}
            {href.startsWith('http') ? <span className="sr-only"> (opens in a new tab)</span> : null}
          </a>
        </li>
      ))}
    </ul>
  )
}
