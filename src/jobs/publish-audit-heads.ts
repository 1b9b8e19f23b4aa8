import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { type Config, loadConfig } from '../config.ts'
import { job } from '../core/jobs.ts'
import { publishHeads } from '../services/audit-heads.ts'
import { sendMail } from '../services/mail.ts'
import { officeMail } from '../services/office-mail.ts'

/** Writes every hour where each school's audit chain is, outside the database; once a day also by e-mail. */
export default job('audit.publish-heads', {
  data: z.object({}),
  schedule: { cron: '7 * * * *', each: 'once', catchUp: true },
  run: async ({ db }) => {
    const config = loadConfig()
    const { file } = await publishHeads(db, config.auditHeadsDir, new Date())
    await mailOnce(file, config)
  },
})

/** What the day's file says now; beside it is kept that it went out, so that a failed attempt is made up for. */
async function mailOnce(file: string, { auditHeadsMail: to, smtpUrl, mailFrom: from }: Config): Promise<void> {
  const heads = readFileSync(file, 'utf8').trim()
  const mailed = `${file}.mailed`
  if (!to || !smtpUrl || heads === '' || existsSync(mailed)) return
  const paragraphs = ['Where each school’s audit chain is. Keep this letter.', ...heads.split('\n')]
  const mail = officeMail({ from, to, subject: 'Heads of the audit chains', paragraphs })
  const sent = await sendMail(smtpUrl, mail, async () => true)
  if (sent?.outcome !== 'accepted') throw new Error(`The heads of the audit chains were not mailed: ${sent?.detail}`)
  writeFileSync(mailed, `${new Date().toISOString()}\n`, { mode: 0o600 })
}
