import { expect, it } from 'vitest'
import { z } from 'zod'
import { type Action, action } from '../../src/core/action.ts'
import { actionGaps } from '../../src/core/checks/actions.ts'
import { discover } from '../../src/core/discover.ts'

const good = action('student.archive', {
  model: 'Student',
  on: 'bulk',
  may: ['owner'],
  label: 'Archive',
  run: async () => 'Done.',
}) as unknown as Action

it('the actions of the project have no gaps', async () => {
  expect(actionGaps(await discover<Action>('actions'))).toEqual([])
})

it('names every gap at once, for the developer', () => {
  const wrong = {
    ...good,
    may: ['owner', 'janitor', 'finance'],
    model: 'Message',
    atMost: 100_000,
    approval: { by: ['manager'] },
    form: z.object({ when: z.array(z.string()) }),
  } as unknown as Action
  expect(actionGaps([{ file: 'archive.ts', value: wrong }])).toEqual([
    'src/actions/archive.ts holds student.archive: call the file by the same words, like archive-student.ts',
    'src/actions/archive.ts names janitor, which is no role of the panel',
    'src/actions/archive.ts names finance, who does not see Message',
    'src/actions/archive.ts names manager, who does not see ActionRun',
    'src/actions/archive.ts is done to 100000 records at once: say 1 to 5000',
    'src/actions/archive.ts: student.archive asks for "when", which is no kind of field that a form has',
  ])
  const named = (name: string, model = 'Student') => ({ ...good, name, model }) as Action
  expect(actionGaps([{ file: 'x.ts', value: named('Archive') }])).toEqual([
    'src/actions/x.ts is called Archive: an action is called like student.archive',
  ])
  expect(actionGaps([{ file: 'x.ts', value: named('student.archive', 'Studant') }])).toEqual([
    'src/actions/x.ts is about Studant, which is no model',
  ])
  expect(actionGaps([{ file: 'edit-student.ts', value: named('student.edit') }])).toEqual([
    'src/actions/edit-student.ts is called student.edit, but edit means something already',
  ])
  const pair = [
    { file: 'archive-student.ts', value: good },
    { file: 'archive-learner.ts', value: named('learner.archive') },
  ]
  expect(actionGaps(pair)).toEqual([
    'src/actions/archive-student.ts and src/actions/archive-learner.ts are both at Student/archive',
  ])
})

it('a form may ask only for records that its roles see', () => {
  const form = z.object({
    batch: z.uuid().meta({ references: 'PayoutBatch' }),
    thing: z.uuid().meta({ references: 'Thing' }),
  })
  const value = { ...good, may: ['owner', 'manager'], form } as unknown as Action
  expect(actionGaps([{ file: 'archive-student.ts', value }])).toEqual([
    'src/actions/archive-student.ts asks in "batch" for PayoutBatch, which manager does not see',
    'src/actions/archive-student.ts asks in "thing" for Thing, which is no model',
  ])
})
