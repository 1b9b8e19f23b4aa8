import React, { useState } from 'react'
import { postJson } from '../api.ts'
import { useLoad } from '../load.ts'
import { useNotify } from '../notices.ts'
import { useConfirm } from '../parts/Confirm.tsx'
import { ErrorState } from '../parts/ErrorState.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Skeleton } from '../parts/State.tsx'
import { useSchool } from '../session.ts'
import { formatDateTime } from '../zone.ts'

interface Expired {
  count: number
  oldest: string | null
}

interface Preview {
  gpsRetentionDays: number
  lessonRecordRetentionYrs: number
  pointsBefore: string
  recordsBefore: string
  points: Expired
  withdrawn: Expired
  records: Expired
}

/** What the school keeps no longer: how much there is, and since when. The worker takes it out every night. */
export function Retention({ canRun }: { canRun: boolean }) {
  const { data, error, reload } = useLoad<Preview>('/panel/privacy/retention')
  return (
    <section className="card privacy-card" aria-labelledby="privacy-retention">
      <h2 id="privacy-retention">Kept long enough</h2>
      {error ? <ErrorState error={error} retry={reload} /> : null}
      {!error && !data ? <Skeleton lines={3} /> : null}
      {!error && data ? <Due preview={data} canRun={canRun} reload={reload} /> : null}
    </section>
  )
}

function Due({ preview, canRun, reload }: { preview: Preview; canRun: boolean; reload: () => void }) {
  const { points, withdrawn, records } = preview
  const rows = [
    { what: 'GPS positions', when: `older than ${preview.gpsRetentionDays} days`, ...points },
    { what: 'GPS positions', when: 'of learners who withdrew their consent', ...withdrawn },
    {
      what: 'Lessons with words, places and messages',
      when: `older than ${preview.lessonRecordRetentionYrs} years`,
      ...records,
    },
  ]
  const isDue = rows.some(({ count }) => count > 0)
  return (
    <>
      <ul className="privacy-due">
        {rows.map(({ what, when, count, oldest }) => (
          <DueLine key={what + when} {...{ what, when, count, oldest }} />
        ))}
      </ul>
      {canRun ? (
        <div className="privacy-actions">
          {isDue ? <RunButton reload={reload} /> : null}
          <button type="button" className="button" onClick={reload}>
            <Icon name="RefreshCw" size={16} /> Look again
          </button>
        </div>
      ) : null}
      <p className="muted">
        It is removed every night. Trips keep their distance and duration; lessons keep their times and amounts. How
        long is set under Settings.
      </p>
    </>
  )
}

function DueLine({ what, when, count, oldest }: { what: string; when: string } & Expired) {
  const { timeZone } = useSchool()
  return (
    <li>
      <strong>{count.toLocaleString('en-AU')}</strong>
      <span>
        {what} {when}
        {oldest ? <span className="muted"> · the oldest of {formatDateTime(oldest, timeZone)}</span> : null}
      </span>
    </li>
  )
}

const QUESTION = {
  title: 'Remove what was kept long enough?',
  body: 'It cannot be brought back.',
  confirm: 'Remove',
  danger: true,
}

function RunButton({ reload }: { reload: () => void }) {
  const notify = useNotify()
  const confirm = useConfirm()
  const [busy, setBusy] = useState(false)
  const run = async (): Promise<void> => {
    if (busy || !(await confirm(QUESTION))) return
    setBusy(true)
    try {
      const { message } = await postJson<{ message: string }>('/panel/privacy/retention', {})
      notify({ message, type: 'success' })
      reload()
    } catch (error) {
      notify({ message: (error as Error).message, type: 'error' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <button type="button" className="button button-danger" aria-disabled={busy} onClick={() => void run()}>
      <Icon name="Trash2" size={16} /> Remove now
    </button>
  )
}
