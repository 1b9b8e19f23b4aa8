import { action } from '../core/action.ts'
import { enqueue } from '../core/jobs.ts'
import { onboardingPath } from '../domain/payouts/onboarding-link.ts'
import { tellAccountNeedsAction } from '../domain/payouts/tell-account.ts'
import { openAccount } from '../stripe/errands.ts'

/** Sends an instructor to Stripe to be paid: by e-mail, and as a link to hand over. The account is made if there is none. */
export default action('instructor.send-onboarding-link', {
  model: 'Instructor',
  on: 'record',
  may: ['owner', 'admin', 'finance'],
  label: 'Send onboarding link',
  icon: 'Link',
  when: ({ stripeOnboardingStatus }) =>
    stripeOnboardingStatus !== 'complete' || 'Stripe has everything: this instructor can be paid.',
  confirm: ({ title }) => `Send ${title} a link to Stripe?`,
  run: async (work, { record }) => {
    if (record.stripeAccountId === null) await enqueue(work, openAccount, { instructorId: record.id })
    const due = Array.isArray(record.stripeRequirementsDue) ? record.stripeRequirementsDue : []
    await tellAccountNeedsAction(
      work,
      record,
      due.filter((one) => typeof one === 'string'),
    )
    return {
      message: `${record.displayName} gets the link by e-mail, if the instructor has a sign-in with an address.`,
      secret: {
        label: 'Link for the instructor',
        value: await onboardingPath(work, record.id),
        help: 'It counts for two weeks, and leads to Stripe, where the instructor says who they are and where the money goes.',
      },
    }
  },
})
