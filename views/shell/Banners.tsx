import React from 'react'
import { useSignedOut } from '../api.ts'
import { Icon } from '../parts/Icon.tsx'
import { usePaths, useSession } from '../session.ts'

/** What everybody on the page must know before they act. */
export function Banners() {
  const { simulated } = useSession()
  return (
    <>
      <SignedOutBanner />
      {simulated.stripe ? (
        <p className="banner banner-warning">
          <Icon name="AlertTriangle" size={16} /> Stripe is simulated: no real money moves.
        </p>
      ) : null}
    </>
  )
}

/** The sign-in page opens in another tab, so that nothing typed here is lost. */
function SignedOutBanner() {
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
