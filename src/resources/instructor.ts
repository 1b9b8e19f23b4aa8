import { resource } from '../core/declaration.ts'

export default resource('Instructor', {
  list: [
    'displayName',
    'phone',
    'teachesAutomatic',
    'teachesManual',
    'gstRegistered',
    'stripeOnboardingStatus',
    'active',
    'createdAt',
  ],
  sort: { by: 'displayName', direction: 'asc' },
  filters: {
    range: ['createdAt'],
    multi: ['stripeOnboardingStatus'],
    flag: ['active', 'teachesAutomatic', 'teachesManual', 'gstRegistered'],
    null: ['stripeAccountId', 'abn'],
    search: ['displayName', 'phone'],
  },
  scopes: {
    Active: { where: { active: true }, count: true },
    Inactive: { where: { active: false }, count: true },
    'Stripe to finish': {
      where: { stripeOnboardingStatus: ['not_started', 'pending', 'restricted'], active: true },
      count: true,
    },
  },
  findable: true,
  fields: {
    phone: { mask: ['finance'] },
    licenseId: { mask: ['finance'] },
    abn: { mask: ['manager'] },
    // what Stripe says: nobody types where money goes, or that somebody may be paid
    stripeAccountId: { mask: ['manager', 'compliance'], write: [] },
    stripeOnboardingStatus: { write: [] },
    stripeCapabilities: { read: ['owner', 'admin', 'finance'], write: [] },
    stripeRequirementsDue: { read: ['owner', 'admin', 'finance'], write: [] },
    stripeConnectedAt: { write: [] },
    stripeDisconnectedAt: { write: [] },
    accountVersion: { read: [] },
  },
  formats: { abn: 'abn' },
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
  tabs: {
    Contact: ['displayName', 'phone', 'licenseId', 'active', 'user'],
    Teaching: ['teachesAutomatic', 'teachesManual'],
    Payouts: [
      'abn',
      'gstRegistered',
      'stripeOnboardingStatus',
      'stripeAccountId',
      'stripeRequirementsDue',
      'stripeCapabilities',
      'stripeConnectedAt',
      'stripeDisconnectedAt',
    ],
  },
  related: {
    bookings: { list: ['startAt', 'student', 'service', 'status', 'priceCents'] },
    credentials: { list: ['kind', 'number', 'expiresOn', 'status'] },
    workingHours: { label: 'Working hours', list: ['dayOfWeek', 'startTime', 'endTime', 'isActive'] },
    payouts: { list: ['availableAt', 'kind', 'amountCents', 'status', 'paidAt'] },
    messages: { list: ['createdAt', 'recipientName', 'channel', 'templateKey', 'subject', 'status', 'error'] },
  },
  badges: ['stripeOnboardingStatus'],
  links: {
    'Account at Stripe': ({ stripeAccountId }) =>
      stripeAccountId && `https://dashboard.stripe.com/connect/accounts/${stripeAccountId}`,
  },
  import: {
    columns: [
      'displayName',
      'phone',
      'licenseId',
      'abn',
      'gstRegistered',
      'teachesAutomatic',
      'teachesManual',
      'active',
    ],
    match: ['displayName'],
  },
})
