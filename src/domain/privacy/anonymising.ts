import { z } from '../../core/action.ts'

/** What every action has that takes a person out of the school: who may, that a second person agrees, what is asked. */
export const anonymising = {
  on: 'record',
  may: ['compliance'],
  label: 'Anonymise',
  done: 'being anonymised',
  icon: 'UserX',
  danger: true,
  reauth: true,
  approval: { by: ['owner', 'compliance'] },
  form: z.object({
    reason: z.string().trim().min(3).max(500).meta({ help: 'Without their name: it stays in the audit log' }),
  }),
  confirm: ({ title }: { readonly title: string }) => `Anonymise ${title}? This cannot be taken back.`,
} as const
