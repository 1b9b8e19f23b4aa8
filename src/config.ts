import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { contradictions, isOn } from './config-rules.ts'
import { root } from './core/root.ts'

/** All settings of the program. Only this file reads the environment. */
export interface Config {
  readonly port: number
  readonly host: string
  /** The public address, without a slash at the end. */
  readonly appUrl: string
  readonly dataDir: string
  /** Absent: the embedded database. */
  readonly databaseUrl?: string
  readonly databaseOwnerUrl?: string
  /** Absent: one is generated and kept in the data directory (demo only). */
  readonly sessionSecret?: string
  /** Encrypts what the database must not show, like the secrets of second factors; the session secret when nothing is said. */
  readonly encryptionKey?: string
  /** Demo schools, relaxed second factor, plain cookie on loopback. */
  readonly demo: boolean
  /** Whose word on the visitor's address is taken: how many proxies stand in front, or their addresses. Absent: nobody's. */
  readonly trustProxy?: string | number
  /** Lets a scraper read /metrics from another machine. */
  readonly metricsToken?: string
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'
  readonly dbPoolMax: number
  /** Jobs a worker does at the same time. */
  readonly workerConcurrency: number
  /** Where the heads of the audit chains are written: best on a disk that the database's administrators cannot reach. */
  readonly auditHeadsDir: string
  /** Who gets the heads of the day by e-mail as well. */
  readonly auditHeadsMail?: string
  /** Absent: messages are stored and logged, not sent. */
  readonly smtpUrl?: string
  readonly mailFrom: string
  /** Who carries SMS and WhatsApp messages. Absent: they are stored and logged, not sent. */
  readonly text?: {
    readonly url: string
    readonly account: string
    readonly token: string
    readonly smsFrom?: string
    readonly whatsappFrom?: string
  }
  /** Signs what a mail provider reports: bounces, complaints, deliveries. Absent: such reports are refused. */
  readonly mailWebhookSecret?: string
  /** Without a secret key the simulator is used. */
  readonly stripe: {
    readonly secretKey?: string
    readonly webhookSecret?: string
    readonly connectWebhookSecret?: string
    /** For the page on which learners pay. */
    readonly publishableKey?: string
    readonly apiBase?: string
  }
}

/** Everything that is wrong with the settings, one sentence each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`The settings are not right:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
    this.problems = problems
  }
}

/** Which settings a command needs beyond those everybody needs. */
export interface Needs {
  /** It serves people, so sessions are signed. */
  readonly web?: boolean
  /** The owner's database URL is needed (to migrate or to seed). */
  readonly owner?: boolean
  /** A server of one's own is needed: there is no embedded database for single processes. */
  readonly server?: boolean
}

export type Environment = Readonly<Record<string, string | undefined>>

const whole = (name: string, fallback: number, [low, high]: readonly [number, number]) =>
  z
    .string()
    .default(String(fallback))
    .refine((text) => /^\d+$/.test(text) && Number(text) >= low && Number(text) <= high, {
      error: `${name} must be a whole number from ${low} to ${high}, for example ${fallback}.`,
    })
    .transform(Number)

const address = (name: string, protocols: readonly string[], example: string) =>
  z
    .string()
    .refine((text) => protocols.includes(URL.parse(text)?.protocol ?? ''), {
      error: `${name} is not a valid address. Write it like ${example}`,
    })
    .optional()

const postgres = (name: string, user: string) =>
  address(name, ['postgresql:', 'postgres:'], `postgresql://${user}:password@host:5432/driveflow`)

const starting = (name: string, prefixes: readonly string[]) =>
  z
    .string()
    .refine((text) => prefixes.some((prefix) => text.startsWith(prefix)), {
      error: `${name} must begin with ${prefixes.join(' or ')}: copy it from the Stripe dashboard.`,
    })
    .optional()

const NO_SENDER = 'DriveFlow <noreply@driveflow.invalid>'

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

const settings = z.object({
  PORT: whole('PORT', 3000, [0, 65_535]),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, { error: 'HOST must be a host name or an address to listen on, for example 127.0.0.1.' })
    .default('127.0.0.1'),
  APP_URL: address('APP_URL', ['http:', 'https:'], 'https://admin.example.com'),
  DATA_DIR: z.string().default('.data'),
  DATABASE_URL: postgres('DATABASE_URL', 'driveflow'),
  DATABASE_OWNER_URL: postgres('DATABASE_OWNER_URL', 'driveflow_owner'),
  SESSION_SECRET: z
    .string()
    .min(32, { error: 'SESSION_SECRET must have at least 32 characters. Make one with: openssl rand -base64 48' })
    .refine((text) => text.length < 32 || new Set(text).size >= 10, {
      error: 'SESSION_SECRET is too easy to guess. Make one with: openssl rand -base64 48',
    })
    .optional(),
  ENCRYPTION_KEY: z
    .string()
    .min(32, { error: 'ENCRYPTION_KEY must have at least 32 characters. Make one with: openssl rand -base64 48' })
    .optional(),
  STRIPE_SECRET_KEY: starting('STRIPE_SECRET_KEY', ['sk_', 'rk_']),
  STRIPE_PUBLISHABLE_KEY: starting('STRIPE_PUBLISHABLE_KEY', ['pk_']),
  STRIPE_WEBHOOK_SECRET: starting('STRIPE_WEBHOOK_SECRET', ['whsec_']),
  STRIPE_CONNECT_WEBHOOK_SECRET: starting('STRIPE_CONNECT_WEBHOOK_SECRET', ['whsec_']),
  STRIPE_API_BASE: address('STRIPE_API_BASE', ['http:', 'https:'], 'https://api.stripe.com'),
  SMTP_URL: address('SMTP_URL', ['smtp:', 'smtps:'], 'smtp://user:password@mail.example.com:587'),
  MAIL_FROM: z
    .string()
    .includes('@', { error: 'MAIL_FROM must hold an e-mail address, for example DriveFlow <office@example.com>.' })
    .default(NO_SENDER),
  MAIL_WEBHOOK_SECRET: z
    .string()
    .min(32, { error: 'MAIL_WEBHOOK_SECRET must have at least 32 characters. Make one with: openssl rand -base64 48' })
    .optional(),
  TEXT_API_URL: address('TEXT_API_URL', ['http:', 'https:'], 'https://api.twilio.com'),
  TEXT_ACCOUNT: z.string().optional(),
  TEXT_TOKEN: z.string().optional(),
  SMS_FROM: z
    .string()
    .regex(/^(\+\d{6,15}|[A-Za-z0-9 ]{3,11})$/, {
      error: 'SMS_FROM must be a number with its country (+61491570006), or a name of 3 to 11 letters.',
    })
    .optional(),
  WHATSAPP_FROM: z
    .string()
    .regex(/^\+\d{6,15}$/, { error: 'WHATSAPP_FROM must be a number with its country, for example +61491570006.' })
    .optional(),
  DEMO: z
    .string()
    .regex(/^(on|off|true|false|1|0)$/i, { error: 'DEMO must be on or off.' })
    .optional(),
  TRUST_PROXY: z
    .string()
    .regex(/^(\d|[\da-f.:/, ]+|loopback|uniquelocal|linklocal)$/i, {
      error: 'TRUST_PROXY must be the number of proxies in front (1), or their addresses separated by commas.',
    })
    .optional(),
  METRICS_TOKEN: z
    .string()
    .min(16, { error: 'METRICS_TOKEN must have at least 16 characters. Make one with: openssl rand -hex 24' })
    .optional(),
  WORKER_CONCURRENCY: whole('WORKER_CONCURRENCY', 5, [1, 100]),
  DB_POOL_MAX: whole('DB_POOL_MAX', 10, [1, 200]),
  AUDIT_HEADS_DIR: z.string().optional(),
  AUDIT_HEADS_MAIL: z.email({ error: 'AUDIT_HEADS_MAIL must be one e-mail address.' }).optional(),
  LOG_LEVEL: z.enum(LEVELS, { error: `LOG_LEVEL must be one of ${LEVELS.join(', ')}.` }).default('info'),
  NODE_ENV: z.string().optional(),
})

type Settings = z.infer<typeof settings>

/**
 * Reads and checks the settings. An empty value counts as not set. Throws a ConfigError that lists every problem at once.
 */
export function readConfig(env: Environment, needs: Needs = {}): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()))
  const parsed = settings.safeParse(given)
  const malformed = parsed.error?.issues.map((issue) => issue.message) ?? []
  // the rules between settings are told in the same go, so they look at what was given, malformed or not
  const problems = [...new Set([...malformed, ...contradictions(given, needs)])]
  if (!parsed.data || problems.length > 0) throw new ConfigError(problems)
  return toConfig(parsed.data)
}

/** The settings of this process: the environment, and the file `.env` for what the environment leaves open. */
export function loadConfig(needs: Needs = {}): Config {
  const file = root('.env')
  if (existsSync(file)) process.loadEnvFile(file)
  return readConfig(process.env, needs)
}

/** AdminJS looks at this when it is first imported, and takes its development scripts otherwise: call it before. */
export function preferProductionScripts(): void {
  process.env.NODE_ENV = 'production'
}

/** What a program that we start gets from our environment: enough to run, none of our secrets. */
export function systemEnvironment(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'LD_LIBRARY_PATH', 'SYSTEMROOT']
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
}

function toConfig(from: Settings): Config {
  return {
    port: from.PORT,
    host: from.HOST,
    appUrl: (from.APP_URL ?? localAddress(from.HOST, from.PORT)).replace(/\/+$/, ''),
    dataDir: resolve(root(), from.DATA_DIR),
    ...present('databaseUrl', from.DATABASE_URL),
    ...present('databaseOwnerUrl', from.DATABASE_OWNER_URL),
    ...present('sessionSecret', from.SESSION_SECRET),
    ...present('encryptionKey', from.ENCRYPTION_KEY),
    demo: isOn(from.DEMO) ?? !from.DATABASE_URL,
    ...(from.TRUST_PROXY === undefined
      ? {}
      : { trustProxy: /^\d$/.test(from.TRUST_PROXY) ? Number(from.TRUST_PROXY) : from.TRUST_PROXY }),
    ...present('metricsToken', from.METRICS_TOKEN),
    logLevel: from.LOG_LEVEL,
    dbPoolMax: from.DB_POOL_MAX,
    workerConcurrency: from.WORKER_CONCURRENCY,
    ...present('auditHeadsMail', from.AUDIT_HEADS_MAIL),
    auditHeadsDir: resolve(root(), from.AUDIT_HEADS_DIR ?? join(from.DATA_DIR, 'audit-heads')),
    ...present('smtpUrl', from.SMTP_URL),
    mailFrom: from.MAIL_FROM,
    ...present('mailWebhookSecret', from.MAIL_WEBHOOK_SECRET),
    ...textOf(from),
    stripe: {
      ...present('secretKey', from.STRIPE_SECRET_KEY),
      ...present('webhookSecret', from.STRIPE_WEBHOOK_SECRET),
      ...present('connectWebhookSecret', from.STRIPE_CONNECT_WEBHOOK_SECRET),
      ...present('publishableKey', from.STRIPE_PUBLISHABLE_KEY),
      ...present('apiBase', from.STRIPE_API_BASE),
    },
  }
}

function textOf(from: Settings): Pick<Config, 'text'> {
  const { TEXT_API_URL: url, TEXT_ACCOUNT: account, TEXT_TOKEN: token } = from
  if (!url || !account || !token) return {}
  const senders = { ...present('smsFrom', from.SMS_FROM), ...present('whatsappFrom', from.WHATSAPP_FROM) }
  return { text: { url, account, token, ...senders } }
}

/** The address for people: a server on all interfaces is reached on this machine as localhost. */
export function localAddress(host: string, port: number): string {
  const name = ['0.0.0.0', '::'].includes(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}`
}

function present<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, string>)
}
