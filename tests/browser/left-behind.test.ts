import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type BackOffice, barriers, openBackOffice } from '../support/browser.ts'
import { type School, school } from '../support/school.ts'
import { TEST_PASSWORD_HASH } from '../support/server.ts'
import { WAYS } from '../support/ways.ts'

// What could not be done, cannot be done, or is no longer there: each says so, and what to do next.

let office: BackOffice
let harbour: School
const email = (role: string) => `${role}@${harbour.slug}.example.test`
const record = (model: string, id: string, action = 'show') => `/admin/resources/${model}/records/${id}/${action}`

beforeAll(async () => {
  office = await openBackOffice()
  harbour = await school(office.database, { name: 'Harbour 東京ドライブ', passwordHash: TEST_PASSWORD_HASH })
})
afterEach(() => office.endVisits())
afterAll(() => office.close())

describe.each(WAYS)('what is left behind, $how,', ({ look, hands }) => {
  it('of everything that a list shows are those that refuse, when it goes on without them', async () => {
    const crew = `Crew ${look.theme}`
    await harbour.run(
      `INSERT INTO "Student" ("orgId", "fullName", "archivedAt") SELECT $1, $2 || ' ' || n, CASE WHEN n > 25 THEN now() END FROM generate_series(1, 40) n`,
      [harbour.orgId, crew],
    )
    const page = await office.visit({ as: email('manager'), path: `/admin/resources/Student?q=${crew}`, ...look })
    await hands.tick(page.getByLabel(`Select ${crew} 1`, { exact: true }))
    const bar = page.getByRole('region', { name: 'Selected rows' })
    await hands.press(bar.getByRole('button', { name: 'Select all 40' }))
    await hands.press(bar.getByRole('button', { name: 'Archive', exact: true }))
    await page.getByText('15 of 40 cannot: nothing has been done.').waitFor()
    await hands.press(page.getByRole('button', { name: 'Go on without these 15' }))
    const dialog = page.getByRole('dialog', { name: 'Archive 25 students' })
    await dialog.getByText('Archive 25 students?').waitFor()
    expect(await page.getByText('15 of 40 cannot').count()).toBe(0)
    await hands.press(dialog.getByRole('button', { name: 'Archive' }))
    await page.getByText('25 students are archived.', { exact: true }).first().waitFor()
  })

  it('of an import are the rows that were refused, beside its record', async () => {
    const { id } = await harbour.add('DataImport', {
      model: 'Student',
      fileName: 'learners.csv',
      encoding: 'UTF-8',
      separator: ',',
      header: JSON.stringify(['Name']),
      mapping: JSON.stringify(['fullName']),
      status: 'finished',
      rowsTotal: 90,
      rowsRefused: 60,
      createdById: harbour.people.manager,
    })
    await harbour.run(
      `INSERT INTO "DataImportRow" ("orgId", "importId", number, cells, problem)
       SELECT $1, $2, n + 1, '[""]', 'Full name is needed.' FROM generate_series(1, 60) n`,
      [harbour.orgId, id],
    )
    const page = await office.visit({ as: email('manager'), path: record('DataImport', id), ...look })
    const rows = page.getByRole('region', { name: 'Rows that were refused' })
    await rows.getByRole('rowheader', { name: '51', exact: true }).waitFor()
    expect(await barriers(page)).toEqual([])
    await hands.press(rows.getByRole('button', { name: 'Show more' }))
    await rows.getByRole('rowheader', { name: '61', exact: true }).waitFor()
    expect(await rows.getByText('Full name is needed.').count()).toBe(60)
    await hands.press(rows.getByRole('link', { name: 'Open this import' }))
    await page.getByRole('heading', { name: 'Import students' }).waitFor()
  })

  it('of a record that was deleted is what it said last and its history, one step from the audit log', async () => {
    const name = `Gone ${look.theme}`
    const { id } = await harbour.add('Location', { name, kind: 'office', address: '2 Harbour Street' })
    await harbour.run('DELETE FROM "Location" WHERE id = $1', [id], { user_id: harbour.people.owner, role: 'owner' })
    const [entry] = await harbour.run(
      `SELECT id FROM "AuditLog" WHERE "entityId" = $1 AND action = 'location.delete'`,
      [id],
    )
    const path = record('AuditLog', entry!.id)
    const page = await office.visit({ as: email('compliance'), path, ...look, refusals: [404] })
    await hands.press(page.getByRole('link', { name: 'Open the record' }))
    await page.getByText(/^This location was deleted on .* by Owner of/).waitFor()
    await page.getByRole('heading', { name: `${name} Deleted` }).waitFor()
    await page.getByText('2 Harbour Street').waitFor()
    expect(await barriers(page)).toEqual([])
    await hands.press(page.getByRole('tab', { name: 'History' }))
    await page.getByText('Location deleted').waitFor()
  })
})

it('a price that applies is locked in its form, with the reason, before anything is typed', async () => {
  const [item] = await harbour.run('SELECT id FROM "RateCardItem"')
  await harbour.change('RateCard', harbour.rateCardId, { validFrom: new Date('2026-01-01') })
  const page = await office.visit({ as: email('manager'), path: record('RateCardItem', item!.id, 'edit') })
  const price = page.getByRole('group', { name: 'Price' })
  await price.getByText('This price already applies and cannot change.').waitFor()
  expect(await barriers(page)).toEqual([])
})
