import { expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { action } from '../../src/core/action.ts'

// never called: the compiler judges each declaration
const declarations = () => {
  const facts = { on: 'record', may: ['owner'], label: 'Archive', run: async () => {} } as const
  // @ts-expect-error -- no such model
  action('studant.archive', { ...facts, model: 'Studant' })
  // @ts-expect-error -- no such role
  action('student.archive', { ...facts, model: 'Student', may: ['janitor'] })
  // @ts-expect-error -- no such kind of target
  action('student.archive', { ...facts, model: 'Student', on: 'selection' })
  // @ts-expect-error -- a student has no such field
  action('student.archive', { ...facts, model: 'Student', when: ({ archived }) => archived === null || 'No.' })
  action('student.archive', {
    ...facts,
    model: 'Student',
    form: z.object({ months: z.int() }),
    // @ts-expect-error -- the form has no such field
    run: async (_work, { input }) => `${input.weeks}`,
  })
}

it('what an action is given is typed by its model and its form', () => {
  action('rate-card.adjust-prices', {
    model: 'RateCard',
    on: 'record',
    may: ['owner'],
    label: 'Adjust',
    form: z.object({ percent: z.int() }),
    run: async (_work, { record, input }) => {
      expectTypeOf(record.currency).toEqualTypeOf<string>()
      expectTypeOf(input.percent).toEqualTypeOf<number>()
    },
  })
  expectTypeOf(declarations).toBeFunction()
})
