import React, { useEffect } from 'react'
import { useLabels } from '../labels.ts'
import { useNotices } from '../notices.ts'
import { Icon } from '../parts/Icon.tsx'
import type { Notice } from '../types.ts'

const SHOWN_MS = 6000

const icons: Record<string, string> = { error: 'AlertCircle', danger: 'AlertCircle', success: 'CheckCircle' }

/** Short messages about what was just done. Good news leaves by itself, a problem stays until it is closed. */
export function Notices() {
  const { notices, drop } = useNotices()
  return (
    <div className="notices" aria-live="polite">
      {notices.map((notice) => (
        <Message key={notice.id} notice={notice} drop={drop} />
      ))}
    </div>
  )
}

function Message({ notice, drop }: { notice: Notice & { id: string }; drop: (id: string) => void }) {
  const labels = useLabels()
  const type = notice.type === 'error' ? 'danger' : (notice.type ?? 'info')
  useEffect(() => {
    const timer = type === 'danger' ? undefined : setTimeout(() => drop(notice.id), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [drop, notice.id, type])
  return (
    <div className={`notice notice-${type}`} {...(type === 'danger' ? { role: 'alert' } : {})}>
      <Icon name={icons[type] ?? 'Info'} />
      <span>{labels.message(notice.message, notice.resourceId, notice.options)}</span>
      <button type="button" className="notice-close" aria-label="Close this message" onClick={() => drop(notice.id)}>
        <Icon name="X" size={16} />
      </button>
    </div>
  )
}
