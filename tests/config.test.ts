import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig, type Environment, type Needs } from '../src/config.ts'

const server = { DATABASE_URL: 'postgresql://driveflow:x@db:5432/driveflow' }
const owner = { DATABASE_OWNER_URL: 'postgresql://driveflow_owner:x@db:5432/driveflow' }
const secret = { SESSION_SECRET: 'kR8vZ2nQ5xW1yT7pL4mC9bJ6hG3fD0sA' }

function problemsOf(env: Environment, needs: Needs = {}): readonly string[] {
  try {
    readConfig(env, needs)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

describe('somebody who sets nothing', () => {
  test('gets the demo on this machine, with its own database', () => {
    const config = readConfig({}, { web: true, owner: true })
    expect(config).toMatchObject({ port: 3000, host: '127.0.0.1', appUrl: 'http://127.0.0.1:3000', demo: true })
    expect(config.databaseUrl).toBeUndefined()
    expect(config.sessionSecret).toBeUndefined()
    expect(config.stripe).toEqual({})
  })

  test('gets data in .data of the project, wherever the program is started from', () => {
    expect(readConfig({}).dataDir).toBe(new URL('../.data', import.meta.url).pathname)
  })
})

describe('somebody with several mistakes', () => {
  test('is told all of them at once, each with the name of the setting', () => {
    const problems = problemsOf(
      {
        PORT: 'eighty',
        APP_URL: 'admin.example.com',
        DATABASE_URL: 'mysql://db/driveflow',
        SESSION_SECRET: 'short',
        STRIPE_SECRET_KEY: 'pk_live_1',
        MAIL_FROM: 'nobody',
        DEMO: 'perhaps',
        LOG_LEVEL: 'loud',
      },
      { owner: true },
    )
    const named = problems.map((problem) => problem.split(' ')[0])
    for (const setting of ['PORT', 'APP_URL', 'DATABASE_URL', 'SESSION_SECRET', 'STRIPE_SECRET_KEY', 'MAIL_FROM'])
      expect(named).toContain(setting)
    expect(named).toContain('DEMO')
    expect(named).toContain('LOG_LEVEL')
    // a rule between two settings is told in the same go
    expect(problems.join()).toContain('DATABASE_URL is set without DATABASE_OWNER_URL')
  })

  test('is told what sending messages needs besides', () => {
    const own = { DATABASE_URL: 'postgresql://me:x@db/driveflow', SMTP_URL: 'smtp://mail.example.com' }
    expect(problemsOf(own).join()).toMatch(/SMTP_URL is set without MAIL_FROM.*APP_URL is not set\. Their links/)
    expect(problemsOf({ SMS_FROM: '+61491570006' }).join()).toContain(
      'TEXT_API_URL, TEXT_ACCOUNT and TEXT_TOKEN together',
    )
    expect(problemsOf({ SMS_FROM: '0491 570 006', MAIL_WEBHOOK_SECRET: 'short' })).toHaveLength(3)
    const text = {
      TEXT_API_URL: 'https://sms.example.com',
      TEXT_ACCOUNT: 'AC1',
      TEXT_TOKEN: 't',
      SMS_FROM: 'DriveFlow',
    }
    expect(readConfig(text).text).toEqual({
      url: 'https://sms.example.com',
      account: 'AC1',
      token: 't',
      smsFrom: 'DriveFlow',
    })
  })

  test('is never shown the value of a secret', () => {
    const problems = problemsOf({ SESSION_SECRET: 'hunter2', DATABASE_URL: 'postgre://me:letmein@db/x' }).join()
    expect(problems).not.toMatch(/hunter2|letmein/)
  })
})

describe('a number', () => {
  test.each(['-1', '65536', '80.5', '0x50', '1e3', 'NaN'])('of %s for PORT is refused', (PORT) => {
    expect(problemsOf({ PORT })[0]).toMatch(/^PORT must be a whole number/)
  })

  test.each(['0', '80', '65535'])('of %s for PORT is taken', (PORT) => {
    expect(readConfig({ PORT }).port).toBe(Number(PORT))
  })
})

describe('a session secret', () => {
  test('is required for a server of one’s own, not for a worker', () => {
    expect(problemsOf(server, { web: true })).toEqual([expect.stringContaining('SESSION_SECRET is not set')])
    expect(problemsOf(server, { server: true })).toEqual([])
  })

  test('is required in production unless the demo is asked for', () => {
    const production = { NODE_ENV: 'production' }
    expect(problemsOf(production, { web: true })).toEqual([expect.stringContaining('SESSION_SECRET')])
    expect(problemsOf({ ...production, DEMO: 'on' }, { web: true })).toEqual([])
  })

  test.each(['a'.repeat(40), 'abc'.repeat(20), 'x'])('that is easy to guess (%s) is refused', (SESSION_SECRET) => {
    expect(problemsOf({ SESSION_SECRET }, { web: true })[0]).toMatch(/^SESSION_SECRET/)
  })

  test('that is long enough is taken', () => {
    expect(readConfig({ ...server, ...secret }, { web: true }).sessionSecret).toBe(secret.SESSION_SECRET)
  })
})

describe('a database of one’s own', () => {
  test('turns the demo off, unless it is asked for', () => {
    expect(readConfig({ ...server, ...owner }).demo).toBe(false)
    expect(readConfig({ ...server, ...owner, DEMO: 'on' }).demo).toBe(true)
  })

  test('needs the owner’s address to migrate, and only then', () => {
    expect(problemsOf(server, { owner: true })[0]).toContain('DATABASE_OWNER_URL')
    expect(problemsOf(server, { server: true })).toEqual([])
  })

  test('is needed by a single process', () => {
    expect(problemsOf({}, { server: true })[0]).toContain('DATABASE_URL is not set')
  })

  test('cannot be half set', () => {
    expect(problemsOf(owner)[0]).toContain('DATABASE_OWNER_URL is set without DATABASE_URL')
  })
})

test('an empty setting counts as not set', () => {
  expect(readConfig({ PORT: '', DATABASE_URL: ' ', SESSION_SECRET: '' }, { web: true })).toMatchObject({
    port: 3000,
    demo: true,
  })
})

test('the public address is written without a slash at the end', () => {
  expect(readConfig({ APP_URL: 'https://admin.example.com/' }).appUrl).toBe('https://admin.example.com')
})

test('a real Stripe key without the webhook secret is refused', () => {
  expect(problemsOf({ STRIPE_SECRET_KEY: 'sk_live_1' })[0]).toContain('STRIPE_WEBHOOK_SECRET')
})

describe('keys of Stripe', () => {
  const secrets = { STRIPE_WEBHOOK_SECRET: 'whsec_1', STRIPE_CONNECT_WEBHOOK_SECRET: 'whsec_2' }
  const testing = { STRIPE_SECRET_KEY: 'sk_test_1', STRIPE_PUBLISHABLE_KEY: 'pk_test_1', ...secrets }
  const live = { STRIPE_SECRET_KEY: 'sk_live_1', STRIPE_PUBLISHABLE_KEY: 'pk_live_1', ...secrets }

  test('for tests are taken in the demo, and live ones outside of it', () => {
    expect(readConfig(testing).stripe).toMatchObject({ secretKey: 'sk_test_1', publishableKey: 'pk_test_1' })
    expect(readConfig({ ...server, ...live }).stripe.secretKey).toBe('sk_live_1')
  })

  test('that move real money are refused in the demo', () => {
    expect(problemsOf(live)).toEqual([expect.stringContaining('A live Stripe key is set, but this is the demo')])
    expect(problemsOf({ ...server, ...live, DEMO: 'on' }).join()).toContain('DEMO=off')
  })

  test('are not sent to another machine when they are live', () => {
    const elsewhere = { STRIPE_API_BASE: 'http://127.0.0.1:12111' }
    expect(problemsOf({ ...server, ...live, ...elsewhere }).join()).toContain('must not get a live key')
    expect(problemsOf({ ...testing, ...elsewhere })).toEqual([])
  })

  test('that do not belong together are told all at once', () => {
    const mixed = { ...live, STRIPE_PUBLISHABLE_KEY: 'pk_test_1', STRIPE_CONNECT_WEBHOOK_SECRET: '' }
    const problems = problemsOf({ ...server, ...mixed }).join()
    expect(problems).toContain('different modes')
    expect(problems).toContain('without STRIPE_CONNECT_WEBHOOK_SECRET')
    expect(problemsOf({ STRIPE_PUBLISHABLE_KEY: 'pk_test_1' })[0]).toContain('without STRIPE_SECRET_KEY')
  })
})
