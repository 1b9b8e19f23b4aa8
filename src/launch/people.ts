import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { type Config, loadConfig } from '../config.ts'
import { Encryption } from '../http/encryption.ts'
import { SecondFactor } from '../http/second-factor.ts'
import { runningEmbedded } from '../postgres/embedded.ts'
import { Problem } from '../postgres/problem.ts'
import { openFor, provideServer } from './database.ts'
import type { Lifecycle } from './lifecycle.ts'
import { type PlatformPerson, setPlatformRole } from './platform-people.ts'
import { say } from './say.ts'
import { settledSecret } from './web-config.ts'

const OPERATOR_USAGE = `Usage: npm run operator -- --email <address> [--name <name>] [--role operator|support|none]
  --name  needed for somebody who has no sign-in yet
  --role  support looks into schools, an operator also opens and suspends them; none takes it away. Default: operator`

/**
 * Makes somebody an operator of the platform, or one no more. Only whoever has the owner's database URL can do it; somebody
 * new gets a password that is said once. Throws a Problem with a sentence.
 */
export async function makeOperator(lifecycle: Lifecycle, args: string[]): Promise<void> {
  const wanted = readOperator(args)
  const { ownerUrl } = await provideServer(loadConfig({ owner: true }), lifecycle)
  const password = randomBytes(18).toString('base64url')
  const isNew = await setPlatformRole(ownerUrl, { ...wanted, password })
  const { email, role } = wanted
  say(role === 'none' ? `${email} is no longer of the platform.` : `${email} is ${role} of the platform.`)
  if (isNew) say(`The password, said once: ${password}\nThe second step is set up at the first sign-in.`)
}

function readOperator(args: string[]): Omit<PlatformPerson, 'password'> {
  const options = { email: { type: 'string' }, name: { type: 'string' }, role: { type: 'string' } } as const
  const { email = '', name, role = 'operator' } = argumentsOf(args, options, OPERATOR_USAGE)
  if (!/^\S+@\S+\.\S+$/.test(email) || !['operator', 'support', 'none'].includes(role))
    throw new Problem(OPERATOR_USAGE)
  return { email, name: name?.trim() || undefined, role }
}

const RESET_USAGE = `Usage: npm run second-factor:reset -- --email <address> | --unreadable
  --email       of the person who lost their phone and recovery codes
  --unreadable  of everybody whose second step the present ENCRYPTION_KEY cannot read`

const AT_ONCE = 10_000

/** Takes second steps off people; they set them up anew at their next sign-in. In the log of each of their schools. */
export async function resetSecondFactor(lifecycle: Lifecycle, args: string[]): Promise<void> {
  const options = { email: { type: 'string' }, unreadable: { type: 'boolean' } } as const
  const { email, unreadable = false } = argumentsOf(args, options, RESET_USAGE)
  if ((email === undefined) === !unreadable) throw new Problem(RESET_USAGE)
  const config = loadConfig({ web: true })
  const db = await openFor(config, await appUrlOf(config, lifecycle), lifecycle)
  const factor = new SecondFactor(db, new Encryption(config.encryptionKey ?? settledSecret(config)))
  const people = email === undefined ? await factor.unreadable(AT_ONCE) : [await personNamed(email)]
  let reset = 0
  for (const userId of people) if (await factor.reset(userId)) reset += 1
  if (email !== undefined && reset === 0) throw new Problem(`${email} has no second step.`)
  say(`${reset} second ${reset === 1 ? 'step is' : 'steps are'} reset.`)

  async function personNamed(address: string): Promise<string> {
    const { rows } = await db.authQuery('SELECT id FROM "User" WHERE lower(email) = lower($1)', [address])
    const [person] = rows as { id: string }[]
    if (!person) throw new Problem(`Nobody signs in as ${address}.`)
    return person.id
  }
}

async function appUrlOf(config: Config, lifecycle: Lifecycle): Promise<string> {
  if (config.databaseUrl) return config.databaseUrl
  return (await runningEmbedded(config.dataDir)) ?? (await provideServer(config, lifecycle)).appUrl
}

type Options = NonNullable<Parameters<typeof parseArgs>[0]>['options'] & object

function argumentsOf<O extends Options>(args: string[], options: O, usage: string) {
  try {
    return parseArgs({ args, options }).values
  } catch {
    throw new Problem(usage)
  }
}
