import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import type { Assets } from 'adminjs'
import type { RequestHandler } from 'express'
import { root } from '../../core/root.ts'
import { PREFIX, type Served, type Stored, readOne, readStored, serveFiles, store, writeWhole } from './asset-files.ts'

/** What a build made: which sources it is of, and its files by AdminJS's names. */
interface Manifest {
  inputs: string
  files: Record<string, Stored>
}

type CoreScripts = NonNullable<Assets['coreScripts']>

export interface PanelAssets {
  /** AdminJS's script names, each with the name that carries the content's hash. */
  coreScripts: CoreScripts
  /** Addresses of our style sheets, for AdminJS's `assets.styles`. */
  styles: string[]
  /** Address of the icon of the browser's tab. */
  favicon: string
  /** Serves `/admin/frontend/assets/…` to everybody; goes before the session. */
  middleware: RequestHandler
  /** AdminJS's page asking for the files by the names that carry the hash, which browsers keep for ever. */
  rewritePage: (html: string) => string
  /** Compresses a file that is made at start, once for its content. Who may have it is up to who serves it. */
  keep: (plain: string, content: string) => Promise<Served>
}

/**
 * The panel's browser files: bundled and compressed when their sources changed since the last start, else as they are
 * in `dataDir/assets`.
 * @throws Error naming the file and line when the screens cannot be bundled
 */
export async function preparePanelAssets({ dataDir }: { dataDir: string }): Promise<PanelAssets> {
  // what is served is the bundle made here: AdminJS must not make another when its router is built
  process.env['ADMIN_JS_SKIP_BUNDLE'] = 'true'
  const folder = join(dataDir, 'assets')
  const inputs = await hashOfInputs()
  const { files } = (await readManifest(folder, inputs)) ?? (await build(folder, inputs))
  const named = (plain: string) => files[plain]?.name ?? plain
  return {
    coreScripts: {
      'app.bundle.js': named('app.bundle.js'),
      'components.bundle.js': named('components.bundle.js'),
      'design-system.bundle.js': named('design-system.bundle.js'),
      'global.bundle.js': named('global.bundle.js'),
    },
    styles: [PREFIX + named('panel.css')],
    favicon: PREFIX + named('favicon.svg'),
    middleware: serveFiles(await readStored(folder, files)),
    rewritePage: (html) =>
      html.replaceAll(/"\/admin\/frontend\/assets\/([\w.-]+)"/g, (_, plain: string) => `"${PREFIX}${named(plain)}"`),
    keep: async (plain, content) => await readOne(folder, await store(folder, plain, Buffer.from(content))),
  }
}

async function hashOfInputs(): Promise<string> {
  const entries = await readdir(root('views'), { recursive: true, withFileTypes: true })
  const views = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
  const own = ['assets.ts', 'asset-files.ts', 'bundle.ts', 'components.ts'].map((name) => root('src/admin/pages', name))
  const versions = ['adminjs', '@adminjs/design-system'].map((name) => join(packageFolder(name), 'package.json'))
  const hash = createHash('sha256')
  for (const path of [...views, ...own].toSorted()) hash.update(relative(root(), path)).update(await readFile(path))
  for (const path of [...versions, root('src/http/icon.svg')]) hash.update(await readFile(path))
  return hash.digest('hex')
}

async function readManifest(folder: string, inputs: string): Promise<Manifest | null> {
  try {
    const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest
    await Promise.all(Object.values(manifest.files).map(({ name }) => readFile(join(folder, name))))
    return manifest.inputs === inputs ? manifest : null
  } catch {
    // no build yet, or files of it are gone
    return null
  }
}

async function build(folder: string, inputs: string): Promise<Manifest> {
  await mkdir(folder, { recursive: true })
  const scripts = join(packageFolder('adminjs'), 'lib/frontend/assets/scripts')
  const designSystem = join(packageFolder('@adminjs/design-system'), 'bundle.production.js')
  // AdminJS's own scripts are compressed while the screens are bundled
  const contents: Record<string, Promise<Buffer>> = {
    'global.bundle.js': readFile(join(scripts, 'global-bundle.production.js')),
    'design-system.bundle.js': readFile(designSystem),
    'app.bundle.js': readFile(join(scripts, 'app-bundle.production.js')),
    'components.bundle.js': bundleComponents(join(folder, `bundle-${process.pid}`)),
    'panel.css': styleSheet(),
    'favicon.svg': readFile(root('src/http/icon.svg')),
  }
  const stored = Object.entries(contents).map(async ([plain, content]) => [
    plain,
    await store(folder, plain, await content),
  ])
  const manifest: Manifest = { inputs, files: Object.fromEntries(await Promise.all(stored)) }
  // last: a start that is cut short leaves no manifest naming files that are not there
  await writeWhole(join(folder, 'manifest.json'), JSON.stringify(manifest))
  await removeOthers(folder, manifest)
  return manifest
}

const A_DAY_IN_MS = 86_400_000

/** Files of builds before. Young ones stay: another process that is starting just now may be about to read them. */
async function removeOthers(folder: string, { files }: Manifest): Promise<void> {
  const current = Object.values(files).map(({ name }) => name)
  const old = (await readdir(folder)).filter((name) => /\.(js|css|svg)(\.br|\.gz)?$/.test(name))
  const unused = old.filter((name) => !current.some((each) => name.startsWith(each))).map((name) => join(folder, name))
  for (const path of unused) {
    const age = Date.now() - ((await stat(path).catch(() => null))?.mtimeMs ?? 0)
    if (age > A_DAY_IN_MS) await rm(path, { force: true })
  }
}

/** @throws Error with the bundler's own words about what is wrong and where */
async function bundleComponents(folder: string): Promise<Buffer> {
  const env = { ...process.env, NODE_ENV: 'production', ADMIN_JS_TMP_DIR: folder, ADMIN_JS_SKIP_BUNDLE: 'false' }
  try {
    // a process of its own: the bundler leaves 300 MB behind, and prints its progress into what is a server's log
    await promisify(execFile)(process.execPath, [root('src/admin/pages/bundle.ts')], { env })
    return await readFile(join(folder, 'bundle.js'))
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string }
    throw new Error(`The screens in views/ could not be bundled: ${stderr.trim() || message}`, { cause: error })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** All of views/styles in the order of their names, as one file. */
async function styleSheet(): Promise<Buffer> {
  const names = (await readdir(root('views/styles'))).filter((name) => name.endsWith('.css')).toSorted()
  return Buffer.concat(await Promise.all(names.map((name) => readFile(root('views/styles', name)))))
}

const { resolve } = createRequire(import.meta.url)

/** The folder of an installed package, also where its exports hide package.json. */
function packageFolder(name: string): string {
  const entry = resolve(name)
  const folder = join('node_modules', name)
  return entry.slice(0, entry.lastIndexOf(folder) + folder.length)
}
