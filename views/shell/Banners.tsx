import React from 'react'
import { Icon } from '../parts/Icon.tsx'
import { SignedOut } from '../parts/SignedOut.tsx'
import { useSession } from '../session.ts'
import { Visiting, Visitors } from './Visitors.tsx'

/** What everybody on the page must know before they act. */
export function Banners() {
  const { simulated } = useSession()
  return (
    <>
      <SignedOut />
      <Visiting />
      <Visitors />
      {simulated.stripe ? (
        <p className="banner banner-warning">
          <Icon name="AlertTriangle" size={16} /> Stripe is simulated: no real money moves.
        </p>
      ) : null}
    </>
  )
}
