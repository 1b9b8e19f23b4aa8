import React from 'react'
import { Icon } from './Icon.tsx'

interface StateProps {
  icon: string
  title: string
  children?: React.ReactNode
  actions?: React.ReactNode
  /** Announced at once: something failed. */
  alert?: boolean
}

/** Says in the middle of a screen why there is nothing else to see, and what can be done. */
export function State({ icon, title, children, actions, alert = false }: StateProps) {
  return (
    <div className="state" {...(alert ? { role: 'alert' } : {})}>
      <span className="state-icon">
        <Icon name={icon} size={24} />
      </span>
      <h2>{title}</h2>
      {children ? <p>{children}</p> : null}
      {actions ? <div className="state-actions">{actions}</div> : null}
    </div>
  )
}

/** Grey bars in the shape of what is coming. */
export function Skeleton({ lines = 6, label = 'Loading' }: { lines?: number; label?: string }) {
  return (
    <output className="skeleton">
      <span className="sr-only">{label}</span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className="skeleton-line" style={{ width: `${[92, 78, 85, 64][line % 4]}%` }} />
      ))}
    </output>
  )
}
