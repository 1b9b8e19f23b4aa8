import React from 'react'
import { Icon } from './Icon.tsx'

interface ProblemProps {
  /** null while all is well: the place is there before it has something to say, so that it is announced at once. */
  problem: string | null
  /** The way out of it. */
  children?: React.ReactNode
}

/** What went wrong with a form as a whole. */
export function Problem({ problem, children }: ProblemProps) {
  return (
    <div role="alert" className="problem-place">
      {problem ? (
        <div className="problem">
          <Icon name="AlertCircle" />
          <div>
            <strong>{problem}</strong>
            {children}
          </div>
        </div>
      ) : null}
    </div>
  )
}
