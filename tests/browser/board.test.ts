import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dayOf, parseInstant } from '../../src/core/time.ts'
import { type BackOffice, DESK, PHONE, type Page, barriers, openBackOffice, signIn, soon } from '../support/browser.ts'
import { type School, school } from '../support/school.ts'
import { TEST_PASSWORD_HASH } from '../support/server.ts'

const ZONE = 'Australia/Sydney'

let office: BackOffice
let harbour: School
let ravi: string
const email = (role: string) => `${role}@${harbour.slug}.example.test`

/** A local day of the school so many days from now. */
const day = (ahead: number): string => dayOf(new Date(Date.now() + ahead * 86_400_000), ZONE)
const at = (ahead: number, time: string): Date => parseInstant(`${day(ahead)} ${time}`, ZONE)!

const worksEveryDay = async (instructorId: string) => {
  for (let dayOfWeek = 0; dayOfWeek <= 6; dayOfWeek++)
    await harbour.add('InstructorWorkingHours', { instructorId, dayOfWeek, startTime: '08:00', endTime: '18:00' })
}

beforeAll(async () => {
  office = await openBackOffice()
})
beforeEach(async () => {
  harbour = await school(office.database, { passwordHash: TEST_PASSWORD_HASH })
  ravi = (await harbour.add('Instructor', { displayName: 'Ravi Sharma' })).id
  await harbour.add('Student', { fullName: 'Nora Lind', dob: '2001-02-03', phone: '0491 570 110' })
  for (const instructor of [harbour.instructorId, ravi]) await worksEveryDay(instructor)
})
afterEach(() => office.endVisits())
afterAll(() => office.close())

const visit = (path: string, more = {}) => office.visit({ as: email('manager'), path, ...more })
const bookings = () =>
  harbour.run(
    `SELECT b.id, b."startAt", b.status::text, i."displayName" AS instructor, s."fullName" AS student FROM "Booking" b
       JOIN "Instructor" i ON i.id = b."instructorId" JOIN "Student" s ON s.id = b."studentId" ORDER BY b."startAt"`,
  )
const notice = (page: Page, words: string | RegExp) => page.locator('.notice').getByText(words).waitFor()

/** How often the mouse or a finger has pressed since. */
async function presses(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const counted = window as unknown as { presses: number }
    counted.presses = 0
    window.addEventListener('pointerdown', () => counted.presses++, true)
  })
  return () => page.evaluate(() => (window as unknown as { presses: number }).presses)
}

describe('a caller wants a lesson', () => {
  it('and has it in five clicks from home', async () => {
    const page = await visit('/admin')
    await page.getByRole('heading', { level: 1, name: /Good/ }).waitFor()
    const counted = await presses(page)
    await page.getByRole('main').getByRole('link', { name: 'Find a slot' }).click()
    await page
      .getByRole('button', { name: /^Book 1.* with Ravi Sharma/ })
      .first()
      .click()
    const dialog = page.getByRole('dialog', { name: 'Book a lesson' })
    await dialog.getByText(/^One hour: .* with Ravi Sharma$/).waitFor()
    await soon(() => page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('studentId')
    await page.keyboard.type('Nora')
    await dialog.getByRole('option', { name: 'Nora Lind' }).click()
    await dialog.getByText('Book this lesson?').waitFor()
    await dialog.getByRole('button', { name: 'Book a lesson' }).click()
    await page.getByRole('heading', { level: 1, name: /^Nora Lind · / }).waitFor()
    expect(await counted()).toBeLessThanOrEqual(5)
    expect(await bookings()).toMatchObject([{ status: 'confirmed', instructor: 'Ravi Sharma', student: 'Nora Lind' }])
  })

  it('on the telephone, in the dark', async () => {
    const page = await visit('/admin', { size: PHONE, theme: 'dark' })
    await page.getByRole('main').getByRole('link', { name: 'Find a slot' }).tap()
    await page.getByLabel('Instructor').selectOption({ label: 'Ines Okafor' })
    await soon(() => page.url()).toContain('instructor=')
    await page
      .getByRole('button', { name: /^Book .* with Ines Okafor/ })
      .first()
      .tap()
    const dialog = page.getByRole('dialog', { name: 'Book a lesson' })
    await dialog.getByLabel('Student').fill('Mia')
    await dialog.getByRole('option', { name: 'Mia Kowalski' }).tap()
    await dialog.getByText('Book this lesson?').waitFor()
    await dialog.getByRole('button', { name: 'Book a lesson' }).tap()
    await page.getByRole('heading', { level: 1, name: /^Mia Kowalski · / }).waitFor()
    expect(await bookings()).toHaveLength(1)
  })

  it('by keyboard alone; Escape asks before it throws away what was chosen', async () => {
    const page = await visit('/admin/pages/find-slot')
    await page
      .getByRole('button', { name: /^Book / })
      .first()
      .press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Book a lesson' })
    await soon(() => page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('studentId')
    await page.keyboard.type('Nora')
    await dialog.getByRole('option', { name: 'Nora Lind' }).waitFor()
    await page.keyboard.press('Enter')
    await dialog.getByText('Book this lesson?').waitFor()
    const asked = page.getByRole('dialog', { name: 'Leave without saving?' })
    // a second Escape answers the question, and is no second question
    for (const answer of ['Enter', 'Escape']) {
      await page.keyboard.press('Escape')
      await asked.waitFor()
      if (answer === 'Enter') await asked.getByRole('button', { name: 'Keep editing' }).press('Enter')
      else await page.keyboard.press('Escape')
      await asked.waitFor({ state: 'detached' })
    }
    await dialog.getByText('Book this lesson?').waitFor()
    await dialog.getByRole('button', { name: 'Book a lesson' }).press('Enter')
    await page.getByRole('heading', { level: 1, name: /^Nora Lind · / }).waitFor()
  })

  it('and has it although the session ends in the middle: the dialog leads to signing in, and keeps what was chosen', async () => {
    const page = await visit('/admin/pages/find-slot', { refusals: [401] })
    await page
      .getByRole('button', { name: /^Book / })
      .first()
      .click()
    const dialog = page.getByRole('dialog', { name: 'Book a lesson' })
    await dialog.getByLabel('Student').fill('Nora')
    await dialog.getByRole('option', { name: 'Nora Lind' }).click()
    await dialog.getByText('Book this lesson?').waitFor()
    await page.context().clearCookies()
    await dialog.getByRole('button', { name: 'Book a lesson' }).click()
    const again = dialog.getByRole('link', { name: 'sign in again in a new tab' })
    const [tab] = await Promise.all([page.waitForEvent('popup'), again.click()])
    await signIn(tab, email('manager'))
    await tab.getByRole('navigation', { name: 'Areas' }).waitFor()
    await tab.close()
    await dialog.getByRole('button', { name: 'Book a lesson' }).click()
    await page.getByRole('heading', { level: 1, name: /^Nora Lind · / }).waitFor()
    expect(await bookings()).toHaveLength(1)
  })

  it('and hears why there is none', async () => {
    const page = await visit(`/admin/pages/find-slot?from=${day(200)}&to=${day(201)}`)
    await page.getByText(/^Lessons are booked at most 90 days ahead/).waitFor()
    expect(await barriers(page)).toEqual([])
  })
})

describe('in the calendar', () => {
  const open = async (more = {}) => {
    const { id } = await harbour.booking({ startAt: at(7, '10:00') })
    const page = await visit(`/admin/pages/calendar?from=${day(7)}`, more)
    await page.getByText('Mia Kowalski').first().waitFor()
    return { id, page }
  }
  const column = (page: Page, name: string) => page.getByRole('group', { name: new RegExp(`^${name}`) })
  const lesson = (page: Page) => page.getByRole('button', { name: /Mia Kowalski/ })
  const drag = async (page: Page, to: string, down: number) => {
    const from = (await lesson(page).boundingBox())!
    const target = (await column(page, to).boundingBox())!
    await page.mouse.move(from.x + 30, from.y + 10)
    await page.mouse.down()
    await page.mouse.move(from.x + 60, from.y + 40, { steps: 4 })
    await page.mouse.move(target.x + 40, from.y + 10 + down, { steps: 6 })
    await page.mouse.up()
  }

  it('a lesson is dragged to another instructor and time; cancelling puts it back, confirming moves it', async () => {
    const { page } = await open()
    await drag(page, 'Ravi Sharma', 120)
    const dialog = page.getByRole('dialog')
    await dialog.getByText(/^From .*10:00 with Ines Okafor to .*12:00 with Ravi Sharma$/).waitFor()
    await dialog.getByText(/^Move Mia Kowalski .*\?$/).waitFor()
    expect(await barriers(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await dialog.waitFor({ state: 'detached' })
    await column(page, 'Ines Okafor')
      .getByRole('button', { name: /Mia Kowalski/ })
      .waitFor()
    await page.locator('.calendar-ghost').waitFor({ state: 'detached' })
    expect((await bookings())[0]).toMatchObject({ startAt: at(7, '10:00'), instructor: 'Ines Okafor' })

    await drag(page, 'Ravi Sharma', 120)
    await dialog.getByText(/^Move Mia Kowalski .*\?$/).waitFor()
    await dialog.getByLabel('Reason', { exact: true }).fill('Asked for by telephone')
    await dialog.getByText(/^Move Mia Kowalski .*\?$/).waitFor()
    await dialog.getByRole('button', { name: 'Move' }).click()
    await column(page, 'Ravi Sharma')
      .getByRole('button', { name: /Mia Kowalski/ })
      .waitFor()
    expect((await bookings())[0]).toMatchObject({ startAt: at(7, '12:00'), instructor: 'Ravi Sharma' })
  })

  it('where it cannot go, the sentence says why, and it stays where it was', async () => {
    const { page } = await open()
    await harbour.booking({
      instructorId: ravi,
      startAt: at(7, '12:00'),
      studentId: (await harbour.add('Student', { fullName: 'Leo Rossi' })).id,
    })
    await drag(page, 'Ravi Sharma', 120)
    const dialog = page.getByRole('dialog')
    await dialog
      .getByText(/Ravi Sharma is not free on/)
      .first()
      .waitFor()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    expect((await bookings())[0]).toMatchObject({ startAt: at(7, '10:00'), instructor: 'Ines Okafor' })
  })

  it('the keyboard moves a lesson too: Alt with the arrow keys, Enter, and Escape puts it back', async () => {
    const { page } = await open()
    await lesson(page).press('Alt+ArrowDown')
    await lesson(page).press('Alt+ArrowDown')
    await page.getByText(/Mia Kowalski to .*10:30 with Ines Okafor/).waitFor({ state: 'attached' })
    await page.keyboard.press('Escape')
    await page.locator('.calendar-ghost').waitFor({ state: 'detached' })
    await lesson(page).press('Alt+ArrowRight')
    await page.getByText(/Mia Kowalski to .*10:00 with Ravi Sharma/).waitFor({ state: 'attached' })
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByText(/^Move Mia Kowalski .*\?$/).waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect((await bookings())[0]).toMatchObject({ instructor: 'Ines Okafor' })
    await lesson(page).press('Alt+ArrowRight')
    await page.getByText(/Mia Kowalski to .*10:00 with Ravi Sharma/).waitFor({ state: 'attached' })
    await page.keyboard.press('Enter')
    await dialog.getByText(/^Move Mia Kowalski .*\?$/).waitFor()
    await dialog.getByRole('button', { name: 'Move' }).press('Enter')
    await column(page, 'Ravi Sharma')
      .getByRole('button', { name: /Mia Kowalski/ })
      .waitFor()
    expect((await bookings())[0]).toMatchObject({ startAt: at(7, '10:00'), instructor: 'Ravi Sharma' })
  })

  it('a press on free time books it', async () => {
    const { page } = await open()
    const gap = page.getByRole('button', { name: /^Book with Ravi Sharma/ })
    await gap.click({ position: { x: 30, y: 130 } })
    const dialog = page.getByRole('dialog', { name: 'Book a lesson' })
    await dialog.getByText(/10:00 with Ravi Sharma$/).waitFor()
    await dialog.getByLabel('Student').fill('Nora')
    await dialog.getByRole('option', { name: 'Nora Lind' }).click()
    await dialog.getByLabel('Service').fill('One')
    await dialog.getByRole('option', { name: 'One hour' }).click()
    await dialog.getByText('Book this lesson?').waitFor()
    await dialog.getByRole('button', { name: 'Book a lesson' }).click()
    await column(page, 'Ravi Sharma')
      .getByRole('button', { name: /Nora Lind/ })
      .waitFor()
  })

  it('a lesson opens its actions, and the week shows one instructor', async () => {
    const { page } = await open()
    await lesson(page).click()
    await page.getByRole('menuitem', { name: 'Cancel lesson' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByLabel('Whose calendar').selectOption({ label: 'Week: Ines Okafor' })
    await soon(() => page.getByRole('group', { name: /^Ines Okafor/ }).count()).toBe(7)
    await page.getByText('Mia Kowalski').first().waitFor()
  })

  it('on the telephone one column is shown, and chosen', async () => {
    const { page } = await open({ size: PHONE })
    expect(await column(page, 'Ines Okafor').isVisible()).toBe(true)
    expect(await column(page, 'Ravi Sharma').isVisible()).toBe(false)
    await page.getByLabel('Instructor').selectOption({ label: 'Ravi Sharma (0)' })
    await column(page, 'Ravi Sharma').waitFor()
    await page.getByRole('button', { name: 'Next day' }).tap()
    await soon(() => page.url()).toContain(day(8))
  })
})

describe('the day begins', () => {
  const HOUR = 3_600_000
  const soonAt = (hours: number) => new Date(Math.floor(Date.now() / 60_000) * 60_000 + hours * HOUR)

  it('with what is on, one press to what comes next, and the day before and after', async () => {
    const other = (await harbour.add('Student', { fullName: 'Leo Rossi' })).id
    await harbour.booking({ startAt: at(1, '10:00'), status: 'requested' })
    await harbour.booking({
      startAt: at(1, '12:00'),
      studentId: other,
      status: 'pending_payment',
      holdExpiresAt: soonAt(0.3),
    })
    const page = await visit('/admin')
    await page.getByRole('button', { name: 'Next day' }).click()
    const card = page.getByRole('region', { name: 'Ines Okafor' })
    await card.getByText('Requested').waitFor()
    await card.getByText(/^Held, 1[78] min left$/).waitFor()
    await card.getByText('Free for 1 h 45 min').or(card.getByText('Free for 2 h')).first().waitFor()
    await card.getByRole('button', { name: /^Confirm Mia Kowalski/ }).click()
    await page
      .getByRole('dialog')
      .getByText(/^Confirm Mia Kowalski .*\?$/)
      .waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Confirm' }).click()
    await notice(page, /is confirmed/)
    await card.getByText('Requested').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Today' }).click()
    await page.getByRole('heading', { level: 2, name: 'Today' }).waitFor()
  })

  it('a sick instructor’s lessons go to a colleague', async () => {
    const { id } = await harbour.booking({ startAt: at(1, '10:00') })
    const page = await visit(`/admin?day=${day(1)}`)
    const card = page.getByRole('region', { name: 'Ines Okafor' })
    await card.getByRole('button', { name: 'More for Ines Okafor' }).click()
    await page.getByRole('menuitem', { name: 'Reassign this day' }).click()
    const dialog = page.getByRole('dialog', { name: /^Reassign a day/ })
    await dialog.getByLabel('Reason').fill('Ill')
    await page.keyboard.type('ness')
    await dialog.getByText(/^Give Ines Okafor's lessons of this day to colleagues\?$/).waitFor()
    expect(await dialog.innerText()).toMatch(/Ines Okafor\s+becomes\s+Ravi Sharma/)
    expect(await barriers(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Reassign a day' }).click()
    await page.getByRole('region', { name: 'Ravi Sharma' }).getByRole('link', { name: 'Mia Kowalski' }).waitFor()
    expect(await bookings()).toMatchObject([{ id, instructor: 'Ravi Sharma', startAt: at(1, '10:00') }])
  })

  it('what waits is counted, and a no-show is taken back', async () => {
    await harbour.booking({ startAt: soonAt(-5), status: 'no_show', statusChangedAt: soonAt(-3) })
    const page = await visit('/admin')
    await page.getByRole('link', { name: /^1\s*No-shows$/ }).click()
    await page.getByRole('heading', { level: 1, name: 'Review' }).waitFor()
    await page.getByRole('button', { name: /^Complete lesson Mia Kowalski/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(/^Complete Mia Kowalski .*\?$/).waitFor()
    await dialog.getByRole('button', { name: 'Complete lesson' }).click()
    await page.getByText('Nothing waits here').waitFor()
    expect(await bookings()).toMatchObject([{ status: 'completed' }])
    await soon(() =>
      page.getByRole('navigation', { name: 'Areas' }).getByRole('link', { name: 'Review' }).innerText(),
    ).toBe('Review')
  })

  it('finance begins with its lists, and looks at the calendar without changing it', async () => {
    await harbour.booking({ startAt: at(7, '10:00') })
    const page = await office.visit({ as: email('finance') })
    await page.getByRole('heading', { level: 2, name: 'Finance' }).waitFor()
    const areas = page.getByRole('navigation', { name: 'Areas' })
    expect(await areas.getByRole('link', { name: 'Find a slot' }).count()).toBe(0)
    await page.goto(`/admin/pages/calendar?from=${day(7)}`)
    await page.getByText('Mia Kowalski').first().waitFor()
    expect(await page.getByRole('button', { name: /^Book/ }).count()).toBe(0)
  })
})

describe.each([
  ['a desk', DESK],
  ['a telephone', PHONE],
] as const)('on %s', (_where, size) => {
  it.each(['light', 'dark'] as const)(
    'nothing keeps anybody out and nothing sticks out sideways, in %s colours',
    { timeout: 60_000 },
    async (theme) => {
      await harbour.booking({ startAt: at(1, '10:00'), status: 'requested' })
      await harbour.add('AvailabilityException', {
        instructorId: ravi,
        date: day(1),
        isAvailable: false,
        note: 'Leave',
      })
      const found: Record<string, string[]> = {}
      const page = await visit(`/admin?day=${day(1)}`, { size, theme })
      const look = async (screen: string) => {
        const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
        found[screen] = [...(await barriers(page)), ...(wide ? ['wider than the window'] : [])]
      }
      await page.getByRole('region', { name: 'Ines Okafor' }).waitFor()
      await look('today')
      await page.goto('/admin/pages/find-slot')
      await page.getByText('More choices').click()
      await page
        .getByRole('button', { name: /^Book / })
        .first()
        .waitFor()
      await look('find a slot')
      await page.goto(`/admin/pages/calendar?from=${day(1)}`)
      await page.getByRole('region', { name: 'Calendar' }).getByText('Mia Kowalski').first().waitFor()
      await look('day')
      await page.goto(`/admin/pages/calendar?from=${day(1)}&instructor=${harbour.instructorId}`)
      await page.getByRole('region', { name: 'Calendar' }).getByText('Mia Kowalski').first().waitFor()
      await look('week')
      await page.goto('/admin/pages/review?queue=requests')
      await page.getByRole('link', { name: 'Mia Kowalski' }).waitFor()
      await look('review')
      expect(found).toEqual(Object.fromEntries(Object.keys(found).map((screen) => [screen, []])))
    },
  )
})
