import React from 'react'
import { useSignedOut } from '../api.ts'
import { usePaths } from '../session.ts'
import { Icon } from './Icon.tsx'

/**
 * Says that the session has ended. The sign-in page opens in another tab, so that nothing typed here is lost.
 * A dialog keeps the rest of the page out of reach, so it has one of its own.
 */
export function SignedOut() {
  const { loginPath } = usePaths()
  const signedOut = useSignedOut()
  return (
    <div role="alert">
      {signedOut ? (
        <p className="banner banner-danger">
          <Icon name="LogOut" size={16} />
          <span>
            You have been signed out. What you typed is still here:{' '}
            <a href={loginPath} target="_blank" rel="noopener">
              sign in again in a new tab
            </a>
            , then come back and go on.
          </span>
        </p>
      ) : null}
    </div>
  )
}
