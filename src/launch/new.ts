import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from '../core/root.ts'
import { Problem } from '../postgres/problem.ts'
import { newAction } from './new/action.ts'
import { newJob } from './new/job.ts'
import { newModel } from './new/model.ts'
import { newResource } from './new/resource.ts'
import { say } from './say.ts'

const USAGE = `Usage: npm run new <what> <name>
  resource Vehicle           what the screen of a model says: src/resources/vehicle.ts
  action student.archive     one thing that people do: src/actions/archive-student.ts
  job reminder.send          something done in the background: src/jobs/reminder-send.ts
  model Badge people         a table: a block in prisma/people.prisma, and its migration`

/** What is to be written, and what the developer does next. */
export interface Plan {
  /** New files, by their path in the project. */
  readonly files: Readonly<Record<string, string>>
  /** Files that are there, with their text as it is to be. */
  readonly changes?: Readonly<Record<string, string>>
  readonly next: readonly string[]
}

/** Reads a file of the project. */
export type Read = (path: string) => string

const makers: Readonly<Record<string, (names: readonly string[], read: Read, at: string) => Plan>> = {
  resource: newResource,
  action: newAction,
  job: newJob,
  model: newModel,
}

/**
 * Writes the file of a new resource, action, job or model, ready to compile. Overwrites nothing.
 * @throws Problem in a sentence when it cannot be
 */
export function make([what = '', ...names]: readonly string[], at: string = root()): void {
  const maker = Object.hasOwn(makers, what) ? makers[what] : undefined
  if (!maker || names.length === 0 || names.length > 2) throw new Problem(USAGE)
  const plan = maker(names, (path) => readFileSync(join(at, path), 'utf8'), at)
  const there = Object.keys(plan.files).find((path) => existsSync(join(at, path)))
  if (there)
    throw new Problem(`${there} is there already. Nothing was changed: edit that file, or choose another name.`)
  for (const [path, text] of Object.entries({ ...plan.files, ...plan.changes })) {
    mkdirSync(dirname(join(at, path)), { recursive: true })
    writeFileSync(join(at, path), text)
    say(`${path in plan.files ? 'Written' : 'Changed'}: ${path}`)
  }
  for (const step of plan.next) say(`  ${step}`)
}
