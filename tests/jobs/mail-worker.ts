// Started by tests: a worker in a process of its own, which can then be killed. It tells people, and sends what it tells.
import { openDatabase } from '../../src/core/db.ts'
import { work } from '../../src/core/jobs.ts'
import remind from '../../src/jobs/remind.ts'
import sendDue from '../../src/jobs/send-due-messages.ts'
import sendMessage from '../../src/jobs/send-message.ts'
import tellPeople from '../../src/jobs/tell-people.ts'
import { connectCarriers } from '../../src/services/messages.ts'

const [databaseUrl = '', smtpUrl = ''] = process.argv.slice(2)
connectCarriers({ smtpUrl, mailFrom: 'office@school.example', appUrl: 'https://admin.example' })
const db = await openDatabase(databaseUrl)
const working = await work(db, {
  jobs: [sendMessage, sendDue, remind],
  handlers: [tellPeople],
  concurrency: 5,
  patienceMs: 10_000,
  onError: (error) => console.log(error.message, error.cause),
})
process.on('SIGTERM', async () => {
  await working.stop()
  await db.close()
  process.exit(0)
})
console.log('working')
