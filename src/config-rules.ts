import type { Needs } from './config.ts'

/** What settings say to each other: one sentence for each contradiction. They are looked at as they were given, malformed or not. */
export function contradictions(given: Record<string, string | undefined>, { web, owner, server }: Needs): string[] {
  const own = Boolean(given.DATABASE_URL)
  const demo = isOn(given.DEMO) ?? !own
  const rules: readonly (readonly [boolean, string])[] = [
    [
      Boolean(server) && !own,
      'DATABASE_URL is not set. A single web or worker process needs a PostgreSQL server; `npm start` brings its own.',
    ],
    [
      Boolean(owner) && own && !given.DATABASE_OWNER_URL,
      'DATABASE_URL is set without DATABASE_OWNER_URL. Migrating needs the owner of the tables; set both.',
    ],
    [
      !own && Boolean(given.DATABASE_OWNER_URL),
      'DATABASE_OWNER_URL is set without DATABASE_URL. Set both, or neither for the embedded database.',
    ],
    [
      Boolean(web) && !given.SESSION_SECRET && !demo,
      'SESSION_SECRET is not set. Outside the demo it is required. Make one with: openssl rand -base64 48',
    ],
    [
      Boolean(web) && !given.SESSION_SECRET && given.NODE_ENV === 'production' && !own && given.DEMO === undefined,
      'NODE_ENV is production, but neither SESSION_SECRET nor DATABASE_URL is set. Set both, or DEMO=on for the demo.',
    ],
    [
      Boolean(given.STRIPE_SECRET_KEY) && !given.STRIPE_WEBHOOK_SECRET,
      'STRIPE_SECRET_KEY is set without STRIPE_WEBHOOK_SECRET. Without it no message from Stripe can be trusted.',
    ],
    [
      Boolean(given.STRIPE_SECRET_KEY) && !given.STRIPE_CONNECT_WEBHOOK_SECRET,
      'STRIPE_SECRET_KEY is set without STRIPE_CONNECT_WEBHOOK_SECRET. Without it nothing is known of the accounts of instructors.',
    ],
    ...stripeModes(given, demo),
    [
      Boolean(given.SMTP_URL) && !given.MAIL_FROM,
      'SMTP_URL is set without MAIL_FROM. Mails need an address to come from, for example DriveFlow <office@example.com>.',
    ],
    [
      Boolean(given.SMTP_URL ?? given.TEXT_API_URL) && !demo && !given.APP_URL,
      'Messages can be sent, but APP_URL is not set. Their links need the public address, for example https://admin.example.com.',
    ],
    [
      TEXT_SETTINGS.some((name) => given[name]) && !TEXT_SETTINGS.slice(0, 3).every((name) => given[name]),
      'SMS and WhatsApp need TEXT_API_URL, TEXT_ACCOUNT and TEXT_TOKEN together, and SMS_FROM or WHATSAPP_FROM.',
    ],
  ]
  return rules.filter(([broken]) => broken).map(([, sentence]) => sentence)
}

const TEXT_SETTINGS = ['TEXT_API_URL', 'TEXT_ACCOUNT', 'TEXT_TOKEN', 'SMS_FROM', 'WHATSAPP_FROM'] as const

const isLive = (key: string | undefined): boolean => /^(sk|rk|pk)_live_/.test(key ?? '')

/** Test and live money never meet, and live keys go to Stripe alone. */
function stripeModes(given: Record<string, string | undefined>, demo: boolean): (readonly [boolean, string])[] {
  const { STRIPE_SECRET_KEY: secret, STRIPE_PUBLISHABLE_KEY: publishable, STRIPE_API_BASE: base } = given
  return [
    [
      demo && (isLive(secret) || isLive(publishable)),
      'A live Stripe key is set, but this is the demo: it would move real money. Use keys that begin with sk_test_ and pk_test_, or set DEMO=off.',
    ],
    [
      Boolean(secret && publishable) && isLive(secret) !== isLive(publishable),
      'STRIPE_SECRET_KEY and STRIPE_PUBLISHABLE_KEY are of different modes: both must be live keys, or both test keys.',
    ],
    [
      isLive(secret) && base !== undefined && URL.parse(base)?.origin !== 'https://api.stripe.com',
      'STRIPE_API_BASE names another machine than Stripe, which must not get a live key. Remove it, or use a test key.',
    ],
    [
      !secret && Boolean(publishable),
      'STRIPE_PUBLISHABLE_KEY is set without STRIPE_SECRET_KEY. Set both, or neither for the simulator.',
    ],
  ]
}

/** on, true and 1 are yes. */
export function isOn(text: string | undefined): boolean | undefined {
  return text === undefined ? undefined : /^(on|true|1)$/i.test(text)
}
