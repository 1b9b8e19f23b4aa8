import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type BackOffice, DESK, PHONE, type Page, barriers, openBackOffice, soon } from '../support/browser.ts'
import { type School, school } from '../support/school.ts'
import { TEST_PASSWORD_HASH } from '../support/server.ts'

let office: BackOffice
let harbour: School
const email = (role: string) => `${role}@${harbour.slug}.example.test`

beforeAll(async () => {
  office = await openBackOffice()
  harbour = await school(office.database, { passwordHash: TEST_PASSWORD_HASH })
})
afterEach(() => office.endVisits())
afterAll(() => office.close())

const page = (role: string, size = DESK, theme: 'light' | 'dark' = 'light') =>
  office.visit({ as: email(role), path: '/admin/pages/jobs', size, theme })

/** An event of a booking whose delivery stands as it is said, with so many that wait behind it. */
async function delivery(values: Record<string, unknown>, behind = 0): Promise<string> {
  const about = { aggregateType: 'Booking', aggregateId: randomUUID() }
  let first = ''
  for (let version = 1; version <= behind + 1; version++) {
    const payload = JSON.stringify({ bookingId: about.aggregateId, status: 'cancelled' })
    const event = { topic: 'booking.cancelled', ...about, aggregateVersion: version, payload }
    const { id: outboxId } = await harbour.add('Outbox', { ...event, availableAt: new Date(), relayedAt: new Date() })
    const place = { outboxId, aggregateId: about.aggregateId, aggregateVersion: version, handler: 'people.tell' }
    const { id } = await harbour.add('OutboxDelivery', {
      ...place,
      ...(version === 1 ? values : { status: 'waiting' }),
    })
    first ||= id
  }
  return first
}
const anHourAgo = () => new Date(Date.now() - 3_600_000)
const dead = (lastError: string, behind = 0) =>
  delivery({ status: 'dead', attempts: 6, lastError, finishedAt: anHourAgo() }, behind)
const statusOf = async (id: string) =>
  (await harbour.run('SELECT status::text FROM "OutboxDelivery" WHERE id = $1', [id]))[0]!.status
const row = (shown: Page, error: string) => shown.getByRole('listitem').filter({ hasText: error })

describe('the page of the jobs', () => {
  it('says that no worker runs, what waits, and why something was given up', async () => {
    await dead('The mail server refused the connection', 2)
    for (const [size, theme] of [
      [DESK, 'light'],
      [DESK, 'dark'],
      [PHONE, 'light'],
      [PHONE, 'dark'],
    ] as const) {
      const shown = await page('compliance', size, theme)
      await shown.getByText('No worker is running: nothing is sent or done until one is started.').waitFor()
      const one = row(shown, 'The mail server refused the connection')
      expect(await one.innerText()).toMatch(/Booking cancelled[^]*6 attempts[^]*2 events wait behind it/)
      expect(await shown.getByRole('row', { name: /people.tell/ }).innerText()).toMatch(/people.tell\s+2\s+0/)
      await one.getByText('What it says').click()
      await one.getByText('"status": "cancelled"').waitFor()
      expect(await barriers(shown)).toEqual([])
      if (process.env.PICTURES)
        await shown.screenshot({ path: `${process.env.PICTURES}/jobs-${size.width}-${theme}.png`, fullPage: true })
    }
  })

  it('shows a worker that is there', async () => {
    await office.database.console(
      'superuser',
      `INSERT INTO pgboss.instance SELECT (jsonb_populate_record(NULL::pgboss.instance, to_jsonb(i) || $1)).* FROM (
         SELECT gen_random_uuid() AS id, 'worker' AS name, 'here' AS host, 1 AS pid, now() AS started_on, now() AS heartbeat_on,
           3600 AS heartbeat_seconds) i`,
      [
        JSON.stringify({
          version: '1',
          node_version: '1',
          supervise: true,
          schedule: true,
          migrate: false,
          persist_queue_stats: false,
          persist_warnings: false,
          workers: [],
          config: {},
          crash_restarts: 0,
        }),
      ],
    )
    const shown = await page('owner')
    await shown.getByText('Running').waitFor()
    expect(await shown.getByText('No worker is running').count()).toBe(0)
  })

  it('lets somebody try again what was given up', async () => {
    const id = await dead('It was not there yet')
    const shown = await page('owner')
    await row(shown, 'It was not there yet').getByRole('button', { name: 'Try again' }).click()
    const dialog = shown.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Try again' }).click()
    await soon(() => statusOf(id)).toBe('waiting')
    await row(shown, 'It was not there yet').waitFor({ state: 'detached' })
  })

  it('lets somebody skip it with a reason, which the audit log keeps', async () => {
    const id = await dead('The learner is gone')
    const shown = await page('compliance')
    await row(shown, 'The learner is gone').getByRole('button', { name: 'Skip' }).click()
    const dialog = shown.getByRole('dialog')
    await dialog.getByLabel('Reason').fill('They moved away')
    await dialog
      .getByRole('button', { name: /Preview|Continue|Skip/ })
      .first()
      .click()
    await soon(async () => {
      const button = dialog.getByRole('button', { name: 'Skip' })
      if (await button.isVisible().catch(() => false)) await button.click().catch(() => {})
      return await statusOf(id)
    }).toBe('skipped')
    const log = await harbour.run(
      `SELECT action, reason FROM "AuditLog" WHERE "entityType" = 'OutboxDelivery' AND "entityId" = $1 ORDER BY action`,
      [id],
    )
    expect(log).toEqual([
      { action: 'outbox-delivery.skip', reason: 'They moved away' },
      { action: 'outboxDelivery.update', reason: null },
    ])
  })

  it('is none of the business of those who do not see deliveries', async () => {
    for (const role of ['manager', 'finance']) {
      const shown = await office.visit({ as: email(role), path: '/admin' })
      await shown.getByRole('link', { name: 'Home' }).first().waitFor()
      expect(await shown.getByRole('link', { name: 'Jobs' }).count()).toBe(0)
    }
  })
})
