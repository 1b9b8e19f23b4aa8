import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type BackOffice, PHONE, type Page, barriers, openBackOffice, soon } from '../support/browser.ts'
import { type School, school } from '../support/school.ts'
import { TEST_PASSWORD_HASH } from '../support/server.ts'

let office: BackOffice
let harbour: School
let manager: string

beforeAll(async () => {
  office = await openBackOffice()
  harbour = await school(office.database, { name: 'Harbour City Driving', passwordHash: TEST_PASSWORD_HASH })
  manager = `manager@${harbour.slug}.example.test`
}, 180_000)

afterEach(() => office.endVisits())
afterAll(() => office?.close())

const letter = (page: Page) => page.frameLocator('iframe[title="The message as its reader sees it"]')

it('a message of the log is seen as its reader sees it, with its attempts, and goes again at a press', async () => {
  const { id } = await harbour.add('Message', {
    toAddress: 'mia@example.test',
    recipientName: 'Mia Kowalski',
    studentId: harbour.studentId,
    channel: 'email',
    templateKey: 'booking_confirmed',
    subject: 'Your lesson on Tue 2 Feb, 09:00',
    body: 'Hello Mia,\n\n<img src=x onerror=alert(1)> see you.\n\nWhere: 1 Harbour Street',
    status: 'not_sent',
    error: 'Not sent: no mail server is configured (SMTP_URL). It is kept here only.',
    attempts: 1,
  })
  await harbour.add('MessageDelivery', {
    messageId: id,
    number: 1,
    outcome: 'not_sent',
    detail: 'Not sent: no mail server is configured (SMTP_URL).',
    finishedAt: new Date(),
  })
  const page = await office.visit({ as: manager, path: `/admin/resources/Message/records/${id}/show` })
  await letter(page).getByText('<img src=x onerror=alert(1)> see you.').waitFor()
  await page.getByText('no mail server is configured').first().waitFor()
  // a frame without rights: no script of a letter runs, none of its links leads anywhere in this window
  expect(await page.locator('iframe.letter-frame').getAttribute('sandbox')).toBe('')
  await page.getByRole('button', { name: 'As plain text' }).click()
  await page.getByText('No more of these: #opt-out').waitFor()
  expect(await barriers(page)).toEqual([])
  await page.getByRole('cell', { name: 'Not sent', exact: true }).waitFor()

  await page
    .getByRole('button', { name: 'Send again' })
    .or(page.getByRole('link', { name: 'Send again' }))
    .click()
  await page.getByRole('dialog').getByRole('button', { name: 'Send again' }).click()
  await soon(async () => (await harbour.run('SELECT status FROM "Message" WHERE id = $1', [id]))[0]?.status).toBe(
    'queued',
  )

  await page.goto(`/admin/resources/Student/records/${harbour.studentId}/show`)
  await page.getByRole('cell', { name: 'Your lesson on Tue 2 Feb, 09:00' }).waitFor()
})

it('a template is written beside its preview, cannot name what there is not, and goes to its writer as a test', async () => {
  const { id } = await harbour.add('MessageTemplate', {
    key: 'booking_confirmed',
    channel: 'email',
    subject: 'Your lesson on {{when}}',
    body: 'Hello {{name}},\n\nsee you.',
  })
  const page = await office.visit({ as: manager, path: `/admin/resources/MessageTemplate/records/${id}/edit` })
  await letter(page).getByText('Hello Alex Sample,').waitFor()
  const text = page.getByRole('textbox', { name: /^Text/ })
  await text.fill('Hello {{name}}, you pay {{amount}}.')
  await page.getByText('There is no {{amount}} in this message.').waitFor()
  await page.getByRole('button', { name: 'Save' }).click()
  await page
    .getByText(/There is no {{amount}} in this message\. You can use: {{name}}/)
    .first()
    .waitFor()
  await text.fill('Hello {{name}}, you pay ')
  await page.getByRole('button', { name: '{{price}}' }).click()
  await letter(page).getByText('Hello Alex Sample, you pay A$85.00').waitFor()
  expect(await barriers(page)).toEqual([])
  await page.getByRole('button', { name: 'Save' }).click()
  await page.waitForURL(/\/show/)
  await letter(page).getByText('you pay A$85.00').waitFor()

  await page.goto(`/admin/resources/MessageTemplate/records/${id}/test`)
  await page.getByRole('button', { name: 'Send me a test' }).click()
  await page.waitForURL(/\/Message\/records\//)
  const [test] = await harbour.run(`SELECT * FROM "Message" WHERE "relatedType" = 'MessageTemplate'`)
  expect(test).toMatchObject({
    toAddress: manager,
    status: 'queued',
    subject: expect.stringMatching(/^\[Test\] Your lesson on Tue/) as string,
  })
})

it('both stand on a telephone, in the dark too', async () => {
  const { id } = await harbour.add('MessageTemplate', {
    key: 'booking_reminder',
    channel: 'sms',
    body: 'Soon: {{when}}.',
  })
  const page = await office.visit({
    as: manager,
    path: `/admin/resources/MessageTemplate/records/${id}/edit`,
    size: PHONE,
    theme: 'dark',
  })
  await page.getByText(/^Soon: Tue .*15:30\.$/).waitFor()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width)
  expect(await barriers(page)).toEqual([])
})
