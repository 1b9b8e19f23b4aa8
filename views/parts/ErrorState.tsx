import React from 'react'
import { Link } from 'react-router-dom'
import { ApiError } from '../api.ts'
import { usePaths } from '../session.ts'
import { State } from './State.tsx'

const titles: Record<number, string> = {
  0: 'No connection',
  401: 'You have been signed out',
  403: 'Not allowed',
  404: 'Not found',
}

interface ErrorStateProps {
  error: Error
  retry?: () => void
  /** The way on that only this screen knows. */
  way?: React.ReactNode
}

/** Why a page could not be shown, in the server's sentence, and the way on. */
export function ErrorState({ error, retry, way }: ErrorStateProps) {
  const { rootPath, loginPath } = usePaths()
  const status = error instanceof ApiError ? error.status : 500
  const canRetry = retry && ![400, 401, 403, 404].includes(status)
  return (
    <State
      alert
      icon={status === 404 ? 'Search' : status === 403 ? 'Lock' : 'AlertTriangle'}
      title={titles[status] ?? 'This could not be shown'}
      actions={
        <>
          {status === 401 ? <LinkToSignIn path={loginPath} /> : null}
          {canRetry ? (
            <button type="button" className="button button-primary" onClick={retry}>
              Try again
            </button>
          ) : null}
          {way}
          {status === 401 ? null : (
            <Link className="button" to={rootPath}>
              Go to the home page
            </Link>
          )}
        </>
      }
    >
      {status === 401 ? 'Sign in again to see this page.' : error.message}
    </State>
  )
}

function LinkToSignIn({ path }: { path: string }) {
  return (
    <a className="button button-primary" href={path}>
      Sign in
    </a>
  )
}
