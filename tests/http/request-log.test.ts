import { expect, it } from 'vitest'
import { createLogger, observeRequests } from '../../src/http/request-log.ts'
import express from 'express'
import { listen } from '../../src/http/listen.ts'

type Line = Record<string, unknown>

function memory() {
  const lines: Line[] = []
  const logger = createLogger('info', { write: (line: string) => void lines.push(JSON.parse(line) as Line) })
  return { lines, logger }
}

it('logs a request without what was searched for or filtered by', async () => {
  const { lines, logger } = memory()
  const app = express()
    .use(observeRequests(logger, { observe: () => {}, handler: () => {} }))
    .use((_req, res) => void res.status(204).end())
  const { port, close } = await listenTo(app)
  await fetch(`http://127.0.0.1:${port}/admin/api/resources/Student/search/Mia?filters.email=mia@example.test`)
  await fetch(`http://127.0.0.1:${port}/admin/api/resources/Student/actions/search/Mia`)
  await fetch(`http://127.0.0.1:${port}/static/x/page.css`)
  await close()
  expect(lines).toMatchObject([
    { path: '/admin/api/resources/Student/search/…', status: 204, method: 'GET', requestId: expect.any(String) },
    { path: '/admin/api/resources/Student/actions/search/…' },
  ])
  expect(JSON.stringify(lines)).not.toMatch(/mia/i)
})

it('says when the browser went away before its answer', async () => {
  const { lines, logger } = memory()
  const arrived = Promise.withResolvers<void>()
  const logged = Promise.withResolvers<void>()
  const observe = () => logged.resolve()
  const app = express().use(observeRequests(logger, { observe, handler: () => {} }), () => arrived.resolve())
  const { port, close } = await listenTo(app)
  const leaving = new AbortController()
  const answer = fetch(`http://127.0.0.1:${port}/slow`, { signal: leaving.signal })
  await arrived.promise
  leaving.abort()
  await expect(answer).rejects.toThrow('aborted')
  await logged.promise
  await close()
  expect(lines).toMatchObject([{ status: 499 }])
})

it('blanks secrets and what tells who somebody is', () => {
  const { lines, logger } = memory()
  const error = Object.assign(new Error('Key (email)=(mia@example.test), phone 0491 570 156'), {
    code: '23505',
    detail: 'mia',
  })
  logger.error(
    { err: error, password: 'hunter2', user: { email: 'mia@example.test', fullName: 'Mia Kowalski', id: 7 } },
    'failed',
  )
  expect(lines[0]).toMatchObject({
    err: {
      code: '23505',
      message: 'Key (email)=([e-mail]), phone [number]',
      stack: expect.stringContaining('request-log.test'),
    },
    password: '[redacted]',
    user: { email: '[redacted]', fullName: '[redacted]', id: 7 },
  })
  expect(JSON.stringify(lines)).not.toMatch(/mia|hunter2|0491/i)
})

async function listenTo(app: express.Express) {
  const listening = await listen(app, { host: '127.0.0.1', port: 0 })
  return { port: listening.port, close: () => listening.close() }
}
