import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dayOf, parseInstant } from '../../src/core/time.ts'
import { type BackOffice, DESK, PHONE, type Page, barriers, openBackOffice, soon } from '../support/browser.ts'
import { type School, school } from '../support/school.ts'
import { TEST_PASSWORD_HASH } from '../support/server.ts'

const ZONE = 'Australia/Sydney'

let office: BackOffice
let harbour: School

/** A local day of the school so many days from now. */
const day = (ahead: number): string => dayOf(new Date(Date.now() + ahead * 86_400_000), ZONE)
const at = (ahead: number, time: string): Date => parseInstant(`${day(ahead)} ${time}`, ZONE)!

beforeAll(async () => {
  office = await openBackOffice()
})
beforeEach(async () => {
  harbour = await school(office.database, { passwordHash: TEST_PASSWORD_HASH })
  const { instructorId } = harbour
  for (let dayOfWeek = 0; dayOfWeek <= 6; dayOfWeek++)
    await harbour.add('InstructorWorkingHours', { instructorId, dayOfWeek, startTime: '08:00', endTime: '18:00' })
})
afterEach(() => office.endVisits())
afterAll(() => office.close())

const visit = (path: string, more: Parameters<BackOffice['visit']>[0] = {}) =>
  office.visit({ as: `manager@${harbour.slug}.example.test`, path, ...more })
const recordPath = (model: string, id: string) => `/admin/resources/${model}/records/${id}/show`
const notice = (page: Page, words: string | RegExp) => page.locator('.notice').getByText(words).waitFor()

/** A lesson with a drive: half an hour around the block, slow, usual and fast, at `began`. */
async function driven(began: Date, status: 'in_progress' | 'completed') {
  const { instructorId, studentId } = harbour
  const booking = await harbour.booking({ startAt: began, status })
  const ended = status === 'completed' ? { endedAt: booking.endAt, durationSec: 3600, distanceMeters: 14_200 } : {}
  const lesson = await harbour.add('Lesson', {
    bookingId: booking.id,
    instructorId,
    studentId,
    startedAt: began,
    ...ended,
  })
  const trip = await harbour.add('Trip', { lessonId: lesson.id, startedAt: began, endedAt: ended.endedAt ?? null })
  await harbour.run(
    `INSERT INTO "TripPoint" ("orgId", "tripId", ts, lat, lng, "speedKph")
       SELECT $1, $2, $3::timestamptz + n * interval '10 s', -33.80 + 0.012 * sin(n / 29.0), 151.10 + 0.016 * (1 - cos(n / 29.0)),
              CASE WHEN n < 50 THEN 24 WHEN n < 130 THEN 52 ELSE 78 END
         FROM generate_series(0, 180) n`,
    [harbour.orgId, trip.id, began],
  )
  return { booking, lesson, trip }
}

describe('the trip of a lesson', () => {
  it.each([
    ['light', DESK],
    ['dark', PHONE],
  ] as const)('is drawn and told in words, %s', async (theme, size) => {
    const { lesson } = await driven(at(-1, '10:00'), 'completed')
    const page = await visit(recordPath('Lesson', lesson.id), { theme, size })
    const sheet = page.getByRole('img', { name: /^Trip from .*10:00: distance 14\.2 km, duration 1 h/ })
    await sheet.waitFor()
    for (const words of ['Start', 'End', 'N', '1 km', 'up to 30 km/h', '30 to 60 km/h', 'over 60 km/h'])
      await page.locator('.drives').getByText(words, { exact: true }).first().waitFor()
    await page.getByText('The trip in words').press('Enter')
    await soon(() => page.locator('.trip-table tbody tr').count()).toBeGreaterThan(8)
    expect(await barriers(page)).toEqual([])
  })

  it('is on the booking too, once its lesson has begun', async () => {
    const { booking } = await driven(at(-1, '10:00'), 'completed')
    const page = await visit(recordPath('Booking', booking.id))
    await page.getByRole('img', { name: /^Trip from/ }).waitFor()
  })
})

describe('a lesson that runs', () => {
  it('gets a GPS token, which is shown once', async () => {
    const began = new Date(Date.now() - 20 * 60_000)
    const { booking } = await driven(began, 'in_progress')
    const { studentId } = harbour
    const paper = { documentVer: '1', method: 'signature', effectiveAt: new Date(began.getTime() - 1000) }
    await harbour.add('Consent', { studentId, kind: 'gps_tracking', granted: true, ...paper })
    const page = await visit(recordPath('Booking', booking.id))
    await page.getByText('GPS token', { exact: true }).click()
    await page.getByText(/Issue a GPS token for/).waitFor()
    await page.getByRole('button', { name: 'GPS token' }).last().click()
    const token = await page.getByLabel('Token', { exact: true }).inputValue()
    expect(token).toMatch(/^[\w-]{22}\.[\w-]{43}$/)
    expect(await barriers(page)).toEqual([])
    await page.getByRole('button', { name: 'I have it' }).click()
    await notice(page, /The token is issued/)
  })
})

describe('a lesson that nobody started', () => {
  it('is completed from the review queue, with what came of it', async () => {
    const { id } = await harbour.booking({ startAt: at(-1, '09:00') })
    const page = await visit('/admin/pages/review?queue=unclosed')
    await page.getByRole('button', { name: /^Complete lesson/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(/^Planned for .*09:00–10:00/).waitFor()
    await dialog.getByLabel('Rating').fill('5')
    await dialog.getByText(/^Complete Mia Kowalski/).waitFor()
    await dialog.getByRole('button', { name: 'Complete lesson' }).click()
    await page.getByText('Nothing waits here').waitFor()
    const rows = await harbour.run(
      'SELECT status::text, rating FROM "Booking" b JOIN "Lesson" l ON l."bookingId" = b.id WHERE b.id = $1',
      [id],
    )
    expect(rows).toEqual([{ status: 'completed', rating: 5 }])
  })
})

describe('a minor', () => {
  it('is booked after the way from the refusal to the guardian and the consent', async () => {
    const dob = new Date(Date.now() - 16.5 * 365.25 * 86_400_000).toISOString().slice(0, 10)
    await harbour.add('Student', { fullName: 'Ava Petrov', dob })
    const page = await visit(`/admin/pages/find-slot?from=${day(2)}`)
    await page
      .getByRole('button', { name: /^Book 1.* with Ines Okafor/ })
      .first()
      .click()
    const dialog = page.getByRole('dialog', { name: 'Book a lesson' })
    await dialog.getByLabel('Student').fill('Ava')
    await dialog.getByRole('option', { name: 'Ava Petrov' }).click()
    await dialog
      .getByText(/no guardian's consent/)
      .first()
      .waitFor()
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      dialog.getByRole('link', { name: /^Guardian and consent of Ava Petrov/ }).click(),
    ])
    await tab.getByLabel('Name', { exact: false }).first().waitFor()
    await tab.getByLabel(/^Name/).fill('Irina Petrov')
    await tab.getByLabel(/^Phone/).fill('0491 570 158')
    await tab.getByLabel(/^How they agreed/).fill('Signature')
    await tab.getByLabel(/^Version of the text/).fill('2026-07')
    await tab.getByText(/^Add Irina Petrov to Ava Petrov, and record the consent\?$/).waitFor()
    expect(await barriers(tab)).toEqual([])
    await tab.getByRole('button', { name: 'Guardian and consent' }).click()
    await notice(tab, /lessons can be booked/)
    await tab.close()
    // what was typed is still there
    await dialog.getByRole('button', { name: 'Book a lesson' }).click()
    await dialog.getByText('Book this lesson?').waitFor()
    await dialog.getByRole('button', { name: 'Book a lesson' }).click()
    await page.getByRole('heading', { level: 1, name: /^Ava Petrov · / }).waitFor()
  })
})

describe('the calendar', () => {
  /** A finger on the screen, as the browser itself sees it. */
  async function finger(page: Page) {
    const session = await page.context().newCDPSession(page)
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', x: number, y: number) =>
      session.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }] })
    return touch
  }

  it('moves a lesson that a finger holds and drags, and scrolls for one that does not hold', async () => {
    const { id } = await harbour.booking({ startAt: at(2, '10:00') })
    const page = await visit(`/admin/pages/calendar?from=${day(2)}`, { size: PHONE })
    const block = page.getByRole('button', { name: /^10:00–11:00/ })
    await block.scrollIntoViewIfNeeded()
    const box = (await block.boundingBox())!
    const [x, y] = [box.x + box.width / 2, box.y + 12]
    const touch = await finger(page)
    await touch('touchStart', x, y)
    await touch('touchMove', x, y - 60)
    await touch('touchEnd', x, y - 60)
    expect(await page.locator('.calendar-ghost').count()).toBe(0)
    await block.scrollIntoViewIfNeeded()
    const now = (await block.boundingBox())!
    await touch('touchStart', x, now.y + 12)
    await page.locator('.calendar-ghost').waitFor()
    await touch('touchMove', x, now.y + 40)
    await touch('touchMove', x, now.y + 72)
    await page.locator('.calendar-ghost').getByText('11:00–12:00').waitFor()
    await touch('touchEnd', x, now.y + 72)
    const dialog = page.getByRole('dialog')
    await dialog.getByText(/From .*10:00.* to .*11:00/).waitFor()
    await dialog.getByText(/^Move Mia Kowalski/).waitFor()
    await dialog.getByRole('button', { name: 'Move' }).click()
    await soon(async () =>
      (await harbour.run('SELECT "startAt" FROM "Booking" WHERE id = $1', [id]))[0]!.startAt.getTime(),
    ).toBe(at(2, '11:00').getTime())
  })

  it('shows a cancelled lesson beside the one that took its time', async () => {
    const cancelled = {
      status: 'cancelled',
      cancelledAt: new Date(),
      cancellationReason: 'Ill',
      cancelledAs: 'student',
    }
    await harbour.booking({ startAt: at(2, '10:00'), ...cancelled })
    const studentId = (await harbour.add('Student', { fullName: 'Nora Lind' })).id
    await harbour.booking({ startAt: at(2, '10:00'), studentId })
    const page = await visit(`/admin/pages/calendar?from=${day(2)}`)
    const blocks = page.getByRole('button', { name: /^10:00–11:00/ })
    await blocks.first().waitFor()
    expect(await blocks.count()).toBe(1)
    await page.getByLabel('Cancelled too').check()
    await soon(() => blocks.count()).toBe(2)
    const [one, other] = await Promise.all([blocks.nth(0).boundingBox(), blocks.nth(1).boundingBox()])
    expect(one!.x + one!.width <= other!.x || other!.x + other!.width <= one!.x).toBe(true)
    expect(await barriers(page)).toEqual([])
  })
})
