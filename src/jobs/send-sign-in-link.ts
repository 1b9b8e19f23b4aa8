import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type Config, loadConfig } from '../config.ts'
import { job } from '../core/jobs.ts'
import { type Link, makeLink } from '../domain/identity/links.ts'
import { type Mail, sendMail } from '../services/mail.ts'
import { officeMail } from '../services/office-mail.ts'

const email = z.email().max(254)
const link = z.discriminatedUnion('purpose', [
  z.object({ purpose: z.literal('reset'), email, userId: z.uuid(), school: z.string() }),
  z.object({
    purpose: z.literal('invitation'),
    email,
    fullName: z.string().min(1).max(200),
    role: z.enum(['owner', 'admin', 'manager', 'finance', 'compliance']),
    school: z.string(),
  }),
])

/**
 * Sends a link to set a password, for a new colleague or for somebody who forgot theirs. The link is made when it is
 * sent, so what stands in it is in the mail only: neither in the queue nor in the database.
 */
export default job('sign-in-link.send', {
  data: link,
  expireSeconds: 180,
  retryLimit: 5,
  run: async ({ db, orgId }, { school, ...wanted }) => {
    const config = loadConfig()
    if (!config.smtpUrl && !config.demo)
      throw new Error('No mail server is configured (SMTP_URL): the link was not sent.')
    const token = await makeLink(db, { ...wanted, orgId })
    const path = wanted.purpose === 'reset' ? 'reset-password' : 'invitation'
    const address = `${config.appUrl}/admin/${path}?token=${token}`
    const mail = letter(wanted.purpose, { school, address, config, to: wanted.email })
    if (!config.smtpUrl) return keep(config.dataDir, mail)
    const sent = await sendMail(config.smtpUrl, mail, async () => true)
    if (sent?.outcome !== 'accepted') throw new Error(`The mail server did not take the link: ${sent?.detail ?? ''}`)
  },
})

interface Facts {
  readonly school: string
  readonly address: string
  readonly config: Pick<Config, 'mailFrom'>
  readonly to: string
}

function letter(purpose: Link['purpose'], { school, address, config, to }: Facts): Mail {
  const invited = purpose === 'invitation'
  const paragraphs = invited
    ? [
        `You have been invited to work with the back office of ${school}.`,
        'Open this address within a week; it can be used once:',
        address,
        'If you do not know the school, do nothing.',
      ]
    : [
        'Somebody, probably you, asked for a new password for DriveFlow.',
        'Open this address within an hour; it can be used once:',
        address,
        'If it was not you, do nothing: your password stays what it is.',
      ]
  const subject = invited ? `Your access to ${school}` : 'A new password for DriveFlow'
  return officeMail({ from: config.mailFrom, to, subject, paragraphs })
}

/** The demo has no mail server: its letters are in a file that only its user reads. */
function keep(dataDir: string, { to, subject, text }: Mail): void {
  const entry = `To: ${to.address}\nSubject: ${subject}\n\n${text}\n---\n`
  appendFileSync(join(dataDir, 'sign-in-links.txt'), entry, { mode: 0o600 })
}
