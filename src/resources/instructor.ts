import { resource } from '../core/declaration.ts'

export default resource('Instructor', {
  list: ['displayName', 'phone', 'teachesAutomatic', 'teachesManual', 'active', 'stripeOnboardingStatus', 'createdAt'],
  labels: {
    user: 'Sign-in',
    displayName: 'Name',
    licenseId: 'Licence',
    stripeAccountId: 'Stripe account',
    stripeOnboardingStatus: 'Stripe onboarding',
  },
  values: {
    stripeOnboardingStatus: {
      not_started: 'Not started',
      pending: 'Pending',
      complete: 'Complete',
      restricted: 'Restricted',
    },
  },
})
