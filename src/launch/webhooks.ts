import { parseArgs } from 'node:util'
import { loadConfig } from '../config.ts'
import type { Database } from '../core/db.ts'
import { AppError } from '../core/errors.ts'
import { runningEmbedded } from '../postgres/embedded.ts'
import { refuseUnmigrated } from '../postgres/migrate.ts'
import { Problem } from '../postgres/problem.ts'
import {
  explainMoney,
  homelessEvent,
  homelessEvents,
  type HomelessEvent,
  homelessMoney,
  ignoreEvent,
  releaseEvent,
} from '../stripe/homeless.ts'
import { openFor, provideServer } from './database.ts'
import type { Lifecycle } from './lifecycle.ts'
import { say } from './say.ts'

const USAGE = `Usage: npm run webhooks:quarantine [-- <command>]
  list                                          events of no school that wait for somebody (also without a command)
  show <event>                                  one of them, with what Stripe said
  release <event> --by <e-mail> --reason <why>  think about it once more
  ignore <event> --by <e-mail> --reason <why>   nothing is to be done about it
  balance                                       money at Stripe that no school’s row knows
  explain <object> --by <e-mail> --reason <why> why there is such money
<event> is its id here or at Stripe; --by somebody who works for the platform.`

interface Wish {
  readonly id: string
  readonly by: string
  readonly reason: string
}

type Command = (db: Database, wish: Wish) => Promise<void>

const commands: Readonly<Record<string, Command>> = {
  list: async (db) => {
    const events = await homelessEvents(db)
    for (const event of events) say(lineOf(event))
    say(events.length === 0 ? 'No event waits for somebody of the platform.' : `${events.length} to look at.`)
  },
  show: async (db, { id }) => {
    const { payload, ...event } = await homelessEvent(db, id)
    say(lineOf(event))
    for (const { at, by, what, reason } of event.decisions) say(`  ${at}: ${by} has ${what} it: ${reason}`)
    say(JSON.stringify(payload, null, 2))
  },
  release: async (db, wish) => {
    await releaseEvent(db, wish)
    say('It is queued again: a worker thinks about it, and where it still finds no school it is back here.')
  },
  ignore: async (db, wish) => {
    await ignoreEvent(db, wish)
    say('It is ignored, and stays stored with the reason.')
  },
  balance: async (db) => {
    const money = await homelessMoney(db)
    for (const { subject, day, description } of money)
      say(`  ${subject}  ${day.toISOString().slice(0, 10)}  ${description}`)
    say(money.length === 0 ? 'All money at Stripe is known to a school.' : `${money.length} to explain.`)
  },
  explain: async (db, wish) => {
    await explainMoney(db, wish)
    say('It is explained.')
  },
}

const DECIDES = ['release', 'ignore', 'explain']

/** What Stripe said or holds that is no school's: looked at and decided by people of the platform. */
export async function quarantine(lifecycle: Lifecycle, args: string[]): Promise<void> {
  const { command, wish } = readArguments(args)
  const config = loadConfig()
  const appUrl =
    config.databaseUrl ?? (await runningEmbedded(config.dataDir)) ?? (await provideServer(config, lifecycle)).appUrl
  await refuseUnmigrated(appUrl)
  const db = await openFor(config, appUrl, lifecycle)
  try {
    await command(db, wish)
  } catch (error) {
    throw error instanceof AppError ? new Problem(error.message) : error
  }
}

function readArguments(args: string[]): { command: Command; wish: Wish } {
  try {
    const options = { by: { type: 'string' }, reason: { type: 'string' } } as const
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
    const [name = 'list', id = '', ...rest] = positionals
    const { by = '', reason = '' } = values
    const command = commands[name]
    const complete = DECIDES.includes(name) ? id && by && reason : name === 'show' ? id : !id
    if (!command || !complete || rest.length > 0) throw new Error('not understood')
    return { command, wish: { id, by, reason } }
  } catch {
    throw new Problem(USAGE)
  }
}

const lineOf = ({
  id,
  eventId,
  eventType,
  account,
  status,
  lastError,
  receivedAt,
}: Omit<HomelessEvent, 'decisions'>): string =>
  `  ${eventId}  ${receivedAt.toISOString().slice(0, 16)}Z  ${eventType}${account ? ` of ${account}` : ''}, ${status}: ${lastError ?? ''} (${id})`
