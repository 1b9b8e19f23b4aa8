import type { Handler } from '../handlers.ts'
import type { Job } from '../jobs.ts'
import { type TopicFacts, topics } from '../topics.ts'

interface Found {
  readonly file: string
  readonly value: Job | Handler
}

const FIELD = String.raw`[\d*/,A-Za-z-]+`
const CRON = new RegExp(`^${FIELD}( ${FIELD}){4}$`)

/** What is wrong with the jobs and handlers of src/jobs, and with who hears of which event, all at once. */
export function jobGaps(found: readonly Found[], known: Readonly<Record<string, TopicFacts>> = topics): string[] {
  const handlers = found.filter((one): one is Found & { value: Handler } => 'topics' in one.value)
  return [
    ...found.flatMap(({ file, value }) => nameGaps(`src/jobs/${file}`, value, found)),
    ...found.flatMap(({ file, value }) => ('data' in value ? scheduleGaps(`src/jobs/${file}`, value) : [])),
    ...Object.entries(known).flatMap(([topic, facts]) => topicGaps(topic, facts, handlers)),
  ]
}

function nameGaps(here: string, { name }: Job | Handler, found: readonly Found[]): string[] {
  if (!/^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/.test(name))
    return [`${here} is called ${name}: a job is called like import.run`]
  const others = found.filter(({ value, file }) => value.name === name && `src/jobs/${file}` !== here)
  return others.length === 0 ? [] : [`${here} is called ${name}, as ${others[0]!.file} is`]
}

function scheduleGaps(here: string, { schedule, data }: Job): string[] {
  if (!schedule) return []
  return [
    ...(CRON.test(schedule.cron) ? [] : [`${here} is scheduled at ${schedule.cron}, which is no cron expression`]),
    ...(data.safeParse({}).success ? [] : [`${here} has a schedule, but cannot be done without data`]),
  ]
}

function topicGaps(topic: string, { unheard }: TopicFacts, handlers: readonly { value: Handler }[]): string[] {
  const heardBy = handlers.filter(({ value }) => (value.topics as readonly string[]).includes(topic))
  if (heardBy.length === 0 && !unheard)
    return [
      `${topic} is told, but no handler of src/jobs hears it: write one, or say in src/core/topics.ts that it is unheard`,
    ]
  if (heardBy.length > 0 && unheard)
    return [`${topic} is heard by ${heardBy[0]!.value.name}, but src/core/topics.ts says that it is unheard`]
  return []
}
