import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { monthOf, sections } from '../../src/admin/audit/review/read-review.ts'
import { type Desk, openDesk } from '../support/actions.ts'
import type { Browser } from '../support/server.ts'

let desk: Desk
let compliance: Browser
beforeAll(async () => {
  desk = await openDesk()
  compliance = await desk.as('compliance')
})
afterAll(async () => await desk.close())

interface Review {
  month: string
  isRunning: boolean
  reviewed: { who: string; note: string | null }[]
  sections: { name: string; lines: { cells: string[]; mark: string | null; request: string | null }[] }[]
}

const thisMonth = () => new Date().toLocaleDateString('sv', { timeZone: 'Australia/Sydney' }).slice(0, 7)
const read = async (month = thisMonth(), browser = compliance): Promise<Review & { message?: string }> => {
  const answer = await browser(`/admin/api/panel/access-review?month=${month}`, {
    headers: { accept: 'application/json' },
  })
  return (await answer.json()) as Review
}
const linesOf = async (name: string) => (await read()).sections.find((section) => section.name === name)!.lines
const post = (path: string, body: object = {}) =>
  compliance(`/admin/api/panel/access-review/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  })

describe('the review of a month', () => {
  test('says who has which role, and who never signed in or has no second step', async () => {
    const lines = await linesOf('access')
    const of = (role: string) => lines.find(({ cells }) => cells[2] === role)
    expect(lines).toHaveLength(5)
    expect(of('Manager')).toMatchObject({
      cells: [`Manager of ${desk.harbour.slug}`, expect.anything(), 'Manager', 'Active', '–', 'No'],
      mark: 'Has never signed in.',
    })
    expect(of('Compliance')!.mark).toBe('Has no second step, and a role that needs one.')
    await desk.test.console(
      'superuser',
      `INSERT INTO auth.second_factor ("userId", secret, "confirmedAt") VALUES ($1, 'x', now())`,
      [desk.harbour.people.compliance],
    )
    const again = (await linesOf('access')).find(({ cells }) => cells[2] === 'Compliance')!
    expect([again.cells[5], again.mark]).toEqual(['Yes', null])
  })

  test('has every override with its actor and reason, one line for a request, and names none of the trigger’s own', async () => {
    const { harbour } = desk
    const acting = { user_id: harbour.people.owner, role: 'owner', actor_kind: 'user', request_id: 'req-override' }
    const override = 'The mother agreed on the phone'
    const [one, two] = [(await harbour.booking()).id, (await harbour.booking()).id]
    await harbour.transaction(
      async (run) => await run('UPDATE "Booking" SET notes = $1 WHERE id = ANY ($2)', ['x', [one, two]]),
      { ...acting, override },
    )
    const [line, ...others] = await linesOf('overrides')
    expect(line).toMatchObject({
      cells: [expect.anything(), `Owner of ${harbour.slug}`, 'Owner', 'Booking update', '2', override],
      request: 'req-override',
    })
    expect(others).toEqual([])
  })

  test('has roles that changed, sign-ins that were refused, what was looked at, taken away and denied', async () => {
    const { harbour, server } = desk
    const owner = { user_id: harbour.people.owner, role: 'owner', actor_kind: 'user' }
    const [finance] = await harbour.run(`SELECT id FROM "UserOrg" WHERE role = 'finance'`)
    await harbour.change('UserOrg', finance!.id, { status: 'suspended' }, owner)
    await server.visit().post('/admin/login', { email: `admin@${harbour.slug}.example.test`, password: 'wrong wrong' })
    await (await (await desk.as('owner')).post('/admin/api/panel/export/Student')).text()
    await compliance(`/admin/api/resources/Student/records/${harbour.studentId}/show`)
    await (
      await desk.as('manager')
    )('/admin/api/panel/audit')
    expect((await linesOf('roles'))[0]!.cells).toEqual([
      expect.anything(),
      `Owner of ${harbour.slug}`,
      `Finance of ${harbour.slug}`,
      'Active → Suspended',
      '–',
    ])
    expect((await linesOf('refused'))[0]!.cells.slice(0, 3)).toEqual([`Admin of ${harbour.slug}`, '1', '0'])
    expect((await linesOf('exports'))[0]!.cells.slice(1)).toEqual([`Owner of ${harbour.slug}`, 'Student export', '1'])
    await expect
      .poll(async () => (await linesOf('looked')).map(({ cells }) => cells))
      .toEqual([[`Compliance of ${harbour.slug}`, 'Student', '1', '0', '0']])
    await expect
      .poll(async () => (await linesOf('denied')).map(({ cells }) => cells.slice(0, 2)))
      .toEqual([[`Manager of ${harbour.slug}`, '1']])
  })

  test('is confirmed once it is over, with who and what they found, and stays confirmed', async () => {
    const early = await post(`confirm?month=${thisMonth()}`)
    expect([early.status, await early.json()]).toMatchObject([
      400,
      { message: 'This month is not over yet. Review it when it is.' },
    ])
    expect((await post('confirm?month=2026-01', { note: 'Two roles to take away' })).status).toBe(200)
    const { reviewed } = await read('2026-01')
    expect(reviewed).toMatchObject([{ who: `Compliance of ${desk.harbour.slug}`, note: 'Two roles to take away' }])
    expect((await read('2026-02')).reviewed).toEqual([])
  })

  test('is a file for a spreadsheet, and that it was taken is in the log', async () => {
    const file = await (await post(`export?month=${thisMonth()}`)).text()
    expect(file).toContain('Who has which role today\r\n')
    expect(file).toContain('The mother agreed on the phone')
    expect((await linesOf('exports'))[0]!.cells[2]).toBe('Audit log export')
  })

  test.each([
    ['2026-13', 'Write the month like 2026-11.'],
    ['2099-01', 'This month has not begun.'],
  ])('of %s is refused with a sentence', async (month, sentence) => {
    expect((await read(month)).message).toBe(sentence)
  })

  test('is for owner and compliance only', async () => {
    const answer = await (await desk.as('manager'))('/admin/api/panel/access-review')
    expect(answer.status).toBe(403)
  })

  test('reads by indexes alone, however long the log is', async () => {
    const school = { id: desk.harbour.orgId, name: 'Harbour', timeZone: 'Australia/Sydney', currency: 'AUD' }
    const month = monthOf(thisMonth(), school)
    for (const section of sections) {
      const { text, values } = section.query(month)
      const plan = await desk.harbour.transaction(async (run) => {
        await run('SET LOCAL enable_seqscan = off')
        return (await run(`EXPLAIN ${text}`, values)).map((row) => row['QUERY PLAN']).join('\n')
      })
      expect(`${section.name}: ${plan}`).not.toMatch(/Seq Scan on "?(AuditLog|audit|User|OperatorAccess)/)
    }
  })
})
