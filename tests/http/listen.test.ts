import express from 'express'
import { expect, it } from 'vitest'
import { listen } from '../../src/http/listen.ts'

const LOCAL = { host: '127.0.0.1', port: 0 }

it('says in words that the port is taken', async () => {
  const first = await listen(express(), LOCAL)
  await expect(listen(express(), { ...LOCAL, port: first.port })).rejects.toThrow(
    `Port ${first.port} is taken by another program. Stop that one, or choose another port: PORT=${first.port + 1}`,
  )
  await first.close()
})

it('says in words that the address is not one of this machine', async () => {
  await expect(listen(express(), { ...LOCAL, host: '192.0.2.1' })).rejects.toThrow(
    'This machine has no address 192.0.2.1.',
  )
})

it('finishes what is under way before it stops, then takes nothing more', async () => {
  const started = Promise.withResolvers<void>()
  const finish = Promise.withResolvers<void>()
  const app = express().get('/', async (_req, res) => {
    started.resolve()
    await finish.promise
    res.send('done')
  })
  const listening = await listen(app, LOCAL)
  const { port } = listening
  const answer = fetch(`http://127.0.0.1:${port}/`)
  await started.promise
  const closed = listening.close()
  finish.resolve()
  expect(await (await answer).text()).toBe('done')
  await closed
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow('fetch failed')
})
