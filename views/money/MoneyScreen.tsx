import React from 'react'
import { useSearchParams } from 'react-router-dom'
import { TabPanel, Tabs } from '../record/Tabs.tsx'
import { useTitleOfPage } from '../title.ts'
import { DisputesPart } from './DisputesPart.tsx'
import { GstPart } from './GstPart.tsx'
import { BalancesPart } from '../payouts/BalancesPart.tsx'
import { ReconciliationPart } from './ReconciliationPart.tsx'

const tabs = [
  { name: 'disputes', label: 'Disputes' },
  { name: 'instructors', label: 'Instructors' },
  { name: 'reconciliation', label: 'Reconciliation' },
  { name: 'gst', label: 'GST' },
]

/** What banks ask about, whether Stripe and the books agree, and what the tax office wants to know. */
export function MoneyScreen() {
  const [query] = useSearchParams()
  const open = tabs.find(({ name }) => name === query.get('tab')) ?? tabs[0]!
  useTitleOfPage(open.label)
  return (
    <div className="board board-narrow money">
      <div className="screen-head">
        <h1>Money</h1>
      </div>
      <Tabs tabs={tabs} open={open.name} label="Parts of the books" />
      <TabPanel name={open.name}>
        {open.name === 'disputes' ? <DisputesPart /> : null}
        {open.name === 'instructors' ? <BalancesPart /> : null}
        {open.name === 'reconciliation' ? <ReconciliationPart /> : null}
        {open.name === 'gst' ? <GstPart /> : null}
      </TabPanel>
    </div>
  )
}
