import React from 'react'
import { State } from './State.tsx'

interface Props {
  children: React.ReactNode
}

/** Keeps the rest of the page when one screen fails. */
export class ErrorBoundary extends React.Component<Props, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true }
  }

  override render() {
    if (!this.state.failed) return this.props.children
    return (
      <State
        alert
        icon="AlertTriangle"
        title="This part of the page stopped working"
        actions={
          <button type="button" className="button button-primary" onClick={() => window.location.reload()}>
            Load the page again
          </button>
        }
      >
        Nothing that was saved is lost.
      </State>
    )
  }
}
