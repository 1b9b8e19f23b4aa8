/** The version of Stripe's interface that everything here is written for; the one of the pinned SDK. */
export const STRIPE_VERSION = '2026-10-28.endive'
