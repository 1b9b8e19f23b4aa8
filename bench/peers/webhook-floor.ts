/**
 * The least that can take in an event: Express, the body as it came, one INSERT. No signature is looked at, nothing is
 * queued, no school is kept apart. Peer of the `webhooks` benchmark; DATABASE_URL ignores the policies.
 */
import express from 'express'
import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 })

const INSERT = {
  name: 'insert',
  text: `INSERT INTO "WebhookEvent" (provider, "eventId", "eventType", payload, "receivedAt")
    VALUES ('floor', $1, $2, $3, now()) ON CONFLICT (provider, "eventId") DO NOTHING`,
}

const app = express().disable('x-powered-by').disable('etag')

app.post('/webhooks/stripe', express.raw({ type: 'application/json' }), async (req, res) => {
  const body = (req.body as Buffer).toString('utf8')
  const { id, type } = JSON.parse(body) as { id: string; type: string }
  await pool.query({ ...INSERT, values: [id, type, body] })
  res.json({ received: true })
})

app.listen(Number(process.env.PORT), '127.0.0.1')
