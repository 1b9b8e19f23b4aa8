import { afterAll, beforeAll, expect, it } from 'vitest'
import { Scratch } from '../support/scratch.ts'

let scratch: Scratch
const make = (...args: string[]) => scratch.main(['new', ...args])
const refusal = async (...args: string[]): Promise<string> => {
  const said: unknown = await make(...args).catch((error: Error) => error.message)
  return String(said).trim()
}

beforeAll(() => {
  scratch = new Scratch()
})
afterAll(() => scratch.remove())

it('begins a resource, an action, a job and a model that compile and have no gaps', { timeout: 120_000 }, async () => {
  expect(await make('model', 'Badge', 'people')).toContain('Changed: prisma/people.prisma')
  expect(scratch.read('prisma/people.prisma')).toContain('\nmodel Badge {\n')
  expect(scratch.read('prisma/identity.prisma')).toContain('\n  badges Badge[]\n')
  await scratch.generate()
  // what a model has now, the others can be about
  expect(await make('resource', 'Badge')).toContain('Written: src/resources/badge.ts')
  expect(await make('action', 'badge.hand')).toContain('Written: src/actions/hand-badge.ts')
  expect(await make('job', 'badge.remind')).toContain('Written: src/jobs/badge-remind.ts')
  await scratch.compile()
  // what the project itself has is another test's
  const gaps = await scratch.main(['check']).catch(({ message }: Error) => message)
  expect(gaps).not.toMatch(/badge/i)
  const files = ['src/resources/badge.ts', 'src/actions/hand-badge.ts', 'src/jobs/badge-remind.ts']
  expect(files.map((file) => scratch.read(file).split('\n').length)).toEqual([8, 14, 11])
})

it('overwrites nothing', async () => {
  const before = scratch.read('src/resources/vehicle.ts')
  expect(await refusal('resource', 'Vehicle')).toBe(
    'src/resources/vehicle.ts is there already. Nothing was changed: edit that file, or choose another name.',
  )
  expect(scratch.read('src/resources/vehicle.ts')).toBe(before)
  expect(await refusal('model', 'Vehicle', 'people')).toBe('There is a model Vehicle already. Nothing was changed.')
})

it('says what is wrong with a name, and how it is used', async () => {
  expect(await refusal('resource', 'vehicles')).toBe(
    'There is no model vehicles. Did you mean Vehicle? A new one begins with: npm run new model Vehicles <area>',
  )
  expect(await refusal('action', 'archive')).toBe(
    '"archive" is no name: it says what and then does what, like student.archive.',
  )
  expect(await refusal('model', 'Medal')).toMatch(
    /^Say in which area Medal belongs: npm run new model Medal <scheduling\|/,
  )
  expect(await refusal('model', 'medal', 'people')).toBe('"medal" is no name of a model: it looks like RateCard.')
  for (const wrong of [[], ['screen', 'Vehicle'], ['resource'], ['toString', 'x']])
    expect(await refusal(...wrong)).toMatch(/^Usage: npm run new <what> <name>/)
})
