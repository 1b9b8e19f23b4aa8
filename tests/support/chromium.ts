import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from '../../src/core/root.ts'

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

export interface Chromium {
  readonly executablePath: string
  readonly env: Record<string, string>
}

/**
 * The browser of this machine: CHROMIUM_PATH, an installed one, or the one that comes as an npm package, which
 * CHROMIUM_PATH=bundled asks for by name.
 */
export async function findChromium(): Promise<Chromium> {
  const env = process.env as Record<string, string>
  const { CHROMIUM_PATH: named } = env
  const executablePath = named || INSTALLED.find((path) => existsSync(path))
  return executablePath && executablePath !== 'bundled' ? { executablePath, env } : bundled(env)
}

/** Brings its own libraries and a typeface, for machines that have neither. Linux on x64 only. */
async function bundled(env: Record<string, string>): Promise<Chromium> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('The screens are tested in a real browser: install Chromium and name it in CHROMIUM_PATH.')
  const folder = root('node_modules/.cache/driveflow-chromium')
  if (!existsSync(folder)) await unpack(folder)
  return {
    executablePath: join(folder, 'chromium'),
    env: { ...env, LD_LIBRARY_PATH: join(folder, 'al2023/lib'), FONTCONFIG_FILE: join(folder, 'fonts.conf') },
  }
}

/** Test files run side by side: each unpacks for itself, and whoever is done first has made the folder. */
async function unpack(folder: string): Promise<void> {
  const { inflate } = await import('@sparticuz/chromium')
  const packed = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '../bin')
  const own = mkdtempSync(`${folder}-`)
  const before = process.env.TMPDIR
  // the package unpacks into the system's folder for temporary files, wherever that is at the moment
  process.env.TMPDIR = own
  try {
    await Promise.all(['chromium.br', 'fonts.tar.br', 'al2023.tar.br'].map((file) => inflate(join(packed, file))))
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
  writeFileSync(join(own, 'fonts.conf'), fontsIn(join(folder, 'fonts'), '/usr/share/fonts'))
  try {
    renameSync(own, folder)
  } catch (error) {
    rmSync(own, { recursive: true })
    if (!existsSync(folder)) throw error
  }
}

const fontsIn = (...folders: string[]): string => `<?xml version="1.0"?>
<fontconfig>${folders.map((folder) => `<dir>${folder}</dir>`).join('')}<cachedir prefix="xdg">fontconfig</cachedir></fontconfig>
`
