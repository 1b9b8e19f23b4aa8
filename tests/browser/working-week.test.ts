import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { hoursLater, worksWeekdays } from '../domain/scheduling.ts'
import { type BackOffice, DESK, type Page, PHONE, barriers, openBackOffice, soon } from '../support/browser.ts'
import { type School, school } from '../support/school.ts'
import { TEST_PASSWORD_HASH } from '../support/server.ts'

let office: BackOffice
let harbour: School
let manager: string

beforeAll(async () => {
  office = await openBackOffice()
})
beforeEach(async () => {
  harbour = await school(office.database, { passwordHash: TEST_PASSWORD_HASH })
  manager = `manager@${harbour.slug}.example.test`
  await worksWeekdays(harbour)
  await harbour.booking({ startAt: wednesday(), endAt: hoursLater(wednesday(), 1) })
})
afterEach(() => office.endVisits())
afterAll(() => office.close())

/** Ten or eleven in the morning in Sydney, on a Wednesday in three weeks or so. */
function wednesday(): Date {
  const day = new Date(Date.now() + 21 * 24 * 3_600_000)
  day.setUTCHours(0, 0, 0, 0)
  return hoursLater(day, 24 * ((10 - day.getUTCDay()) % 7))
}

const day = (page: Page, name: string) => page.getByRole('group', { name })
const hours = () =>
  harbour.run(
    `SELECT "dayOfWeek" AS day, "startTime" AS "from", "isActive" AS works FROM "InstructorWorkingHours" ORDER BY 1`,
  )

for (const { theme, size } of [
  { theme: 'light', size: DESK },
  { theme: 'dark', size: PHONE },
] as const) {
  it(`a manager changes all days of an instructor's week on one screen and sees the lessons concerned, ${theme}, ${size.width} px wide`, async () => {
    const path = `/admin/resources/Instructor/records/${harbour.instructorId}/show`
    const page = await office.visit({ as: manager, path, size, theme })
    await page.getByRole('link', { name: 'Edit the week' }).click()
    await page.getByRole('heading', { name: 'Working week of Ines Okafor' }).waitFor()

    await day(page, 'Monday').getByLabel('From', { exact: true }).fill('08:00')
    await day(page, 'Monday').getByLabel('To', { exact: true }).fill('18:00')
    await day(page, 'Monday')
      .getByRole('button', { name: /Copy to all working days from Monday/ })
      .click()
    await day(page, 'Wednesday').getByRole('checkbox').uncheck()
    await day(page, 'Saturday').getByRole('checkbox').check()
    expect(await barriers(page)).toEqual([])
    await page.getByRole('button', { name: 'Save the week' }).click()

    const asked = page.getByRole('region', { name: /One lesson that is booked no longer fits/ })
    await asked.waitFor()
    await asked.getByRole('link', { name: /Mia Kowalski/ }).waitFor()
    expect((await hours()).every(({ from }) => from === '09:00')).toBe(true)
    expect(await barriers(page)).toEqual([])

    await asked.getByRole('button', { name: 'Save all the same' }).click()
    await page.getByText('The working week of Ines Okafor is saved.').waitFor()
    expect(await hours()).toEqual([
      { day: 1, from: '08:00', works: true },
      { day: 2, from: '08:00', works: true },
      { day: 3, from: '09:00', works: false },
      { day: 4, from: '08:00', works: true },
      { day: 5, from: '08:00', works: true },
      { day: 6, from: '09:00', works: true },
    ])
  })
}

it('a manager who comes without an instructor chooses one', async () => {
  const page = await office.visit({ as: manager, path: '/admin/pages/working-week' })
  await page.getByRole('combobox', { name: 'Instructor' }).fill('ines')
  await page.getByRole('option', { name: 'Ines Okafor' }).click()
  await page.getByRole('heading', { name: 'Working week of Ines Okafor' }).waitFor()
})

it('a manager who enters leave sees the lesson first, changes the day, and is asked no more', async () => {
  const page = await office.visit({ as: manager, path: '/admin/resources/AvailabilityException/actions/new' })
  await page.getByRole('combobox', { name: 'Instructor' }).fill('Ines')
  await page.getByRole('option', { name: 'Ines Okafor' }).click()
  const date = page.getByLabel('Date')
  await date.fill(wednesday().toISOString().slice(0, 10))
  await page.getByRole('button', { name: 'Create' }).click()
  const asked = page.getByRole('region', { name: /One lesson that is booked/ })
  await asked.waitFor()
  // the question speaks for itself
  expect(await page.getByText(/One lesson that is booked/).count()).toBe(1)
  await date.fill(hoursLater(wednesday(), 24).toISOString().slice(0, 10))
  await soon(() => asked.count()).toBe(0)
  await page.getByRole('button', { name: 'Create' }).click()
  await page.getByText(/is added\./).waitFor()
})
