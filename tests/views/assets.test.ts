import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PanelAssets, preparePanelAssets } from '../../src/admin/pages/assets.ts'

let dataDir: string
let assets: PanelAssets
let server: Server

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'driveflow-assets-'))
  assets = await preparePanelAssets({ dataDir })
  server = createServer(express().use(assets.middleware)).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
}, 180_000)

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve))
  await rm(dataDir, { recursive: true, force: true })
})

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { headers })

const components = (): string => `/admin/frontend/assets/${assets.coreScripts['components.bundle.js']}`

it('a browser gets the screens compressed and keeps them for ever', async () => {
  const response = await get(components(), { 'accept-encoding': 'gzip, deflate, br' })
  expect(response.status).toBe(200)
  expect(response.headers.get('content-encoding')).toBe('br')
  expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(await response.text()).toContain('UserComponents.Application')
})

it('a client that takes no compression gets the same file plain', async () => {
  const plain = await get(components(), { 'accept-encoding': 'identity' })
  expect(plain.headers.get('content-encoding')).toBeNull()
  const gzipped = await get(components(), { 'accept-encoding': 'gzip' })
  expect(gzipped.headers.get('content-encoding')).toBe('gzip')
  expect(await gzipped.text()).toBe(await plain.text())
})

it('a name without a hash is asked again at every load', async () => {
  const first = await get('/admin/frontend/assets/components.bundle.js')
  expect(first.headers.get('cache-control')).toBe('no-cache')
  const etag = first.headers.get('etag') ?? ''
  expect((await get('/admin/frontend/assets/components.bundle.js', { 'if-none-match': etag })).status).toBe(304)
})

it('what is not there is not found, and nothing outside the folder is reached', async () => {
  const paths = ['nothing.js', '../manifest.json', '%2e%2e/manifest.json', 'manifest.json', '']
  const answers = await Promise.all(paths.map((path) => get(`/admin/frontend/assets/${path}`)))
  expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 404))
})

it('the page asks for the files by the names that carry their hash', () => {
  const page = '<script src="/admin/frontend/assets/app.bundle.js"></script><a href="/admin/resources/Booking">'
  expect(assets.rewritePage(page)).toBe(
    `<script src="/admin/frontend/assets/${assets.coreScripts['app.bundle.js']}"></script><a href="/admin/resources/Booking">`,
  )
})

it('a second start finds what the first one built', async () => {
  const manifest = join(dataDir, 'assets/manifest.json')
  const { mtimeMs } = await stat(manifest)
  const again = await preparePanelAssets({ dataDir })
  expect(again.coreScripts).toEqual(assets.coreScripts)
  expect((await stat(manifest)).mtimeMs).toBe(mtimeMs)
})

it('a start that misses a file builds anew, and removes what builds before left, but not what another process may be about to read', async () => {
  const leftOver = async (name: string, daysAgo: number) => {
    const path = join(dataDir, 'assets', name)
    const at = new Date(Date.now() - daysAgo * 86_400_000)
    await writeFile(path, '')
    await utimes(path, at, at)
  }
  await leftOver('components.of2days.bundle.js', 2)
  await leftOver('components.justNow.bundle.js', 0)
  await rm(join(dataDir, 'assets', assets.coreScripts['app.bundle.js']))
  await preparePanelAssets({ dataDir })
  const names = await readdir(join(dataDir, 'assets'))
  expect(names).toContain(assets.coreScripts['app.bundle.js'])
  expect(names).not.toContain('components.of2days.bundle.js')
  expect(names).toContain('components.justNow.bundle.js')
}, 120_000)

it('a file made at start is compressed once for its content', async () => {
  const kept = await assets.keep('words.js', 'window.WORDS = {}')
  expect(kept).toMatchObject({
    type: 'text/javascript; charset=utf-8',
    name: expect.stringMatching(/^words\.\w+\.js$/),
  })
  const { mtimeMs } = await stat(join(dataDir, 'assets', `${kept.name}.br`))
  expect((await assets.keep('words.js', 'window.WORDS = {}')).name).toBe(kept.name)
  expect((await stat(join(dataDir, 'assets', `${kept.name}.br`))).mtimeMs).toBe(mtimeMs)
  expect((await assets.keep('words.js', 'window.WORDS = { a: 1 }')).name).not.toBe(kept.name)
})

it('the screens are minified production code', async () => {
  const script = await (await get(components())).text()
  expect(script.trim().split('\n').length).toBeLessThan(20)
  expect(script).not.toMatch(/process\.env|jsxDEV|sourceMappingURL/)
})

it('the style sheet holds every file of views/styles', async () => {
  const response = await get(assets.styles[0] ?? '')
  const text = await response.text()
  expect([':root', '.button', '.sidebar', '.records'].filter((rule) => !text.includes(rule))).toEqual([])
})
