import { execFile } from 'node:child_process'
import { cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../../src/core/root.ts'

const FOLDERS = ['src', 'views', 'prisma', 'docs']
const FILES = ['package.json', 'package-lock.json', 'tsconfig.json', 'prisma.config.ts', '.oxfmtrc.json']

/** A copy of the project to change: with its own generated client, and the packages of the real one. */
export class Scratch {
  readonly path = mkdtempSync(join(tmpdir(), 'driveflow-scratch-'))

  constructor() {
    for (const part of [...FOLDERS, ...FILES]) cpSync(root(part), join(this.path, part), { recursive: true })
    linkPackages(this.path)
    // the tests are not copied, and the browser's part is not what changes
    const settings = JSON.parse(this.read('tsconfig.json')) as object
    this.write('tsconfig.json', JSON.stringify({ ...settings, include: ['src'] }))
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.path, file)), { recursive: true })
    writeFileSync(join(this.path, file), text)
  }

  read(file: string): string {
    return readFileSync(join(this.path, file), 'utf8')
  }

  /** Puts `by` where `what` stands. @throws Error when it stands nowhere */
  replace(file: string, what: string, by: string): void {
    const text = this.read(file)
    if (!text.includes(what)) throw new Error(`${file} does not say ${what}`)
    this.write(
      file,
      text.replace(what, () => by),
    )
  }

  /** Runs a script of the copy. @returns what it said @throws Error with what it said */
  async node(
    script: string,
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const { PATH, HOME } = process.env
    const nowhere = { DATABASE_URL: 'postgresql://nobody@127.0.0.1/none' }
    const run = promisify(execFile)(process.execPath, [join(this.path, script), ...args], {
      cwd: this.path,
      env: { PATH, HOME, ...nowhere, ...env },
    })
    const { stdout, stderr } = await run.catch((error: { stdout: string; stderr: string }) => {
      throw new Error(`${error.stdout}${error.stderr}`)
    })
    return stdout + stderr
  }

  /** A command of the program: `migrate`, `check`, `new`. */
  main(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string> {
    return this.node('src/main.ts', args, env)
  }

  generate(): Promise<string> {
    return this.node('node_modules/prisma/build/index.js', ['generate'])
  }

  /** @throws Error with what the compiler says, when it does not compile */
  compile(): Promise<string> {
    return this.node('node_modules/typescript/bin/tsc', ['--noEmit'])
  }

  /** @throws Error when the files are not formatted as the project's are */
  checkFormat(files: readonly string[]): Promise<string> {
    return this.node('node_modules/oxfmt/bin/oxfmt', ['--check', ...files])
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

/** Links to the packages of the project; of Prisma's client a copy, so that generating changes nothing outside. */
function linkPackages(path: string): void {
  const [from, to] = [root('node_modules'), join(path, 'node_modules')]
  const link = (folder: string, wanted: (name: string) => boolean) => {
    mkdirSync(join(to, folder), { recursive: true })
    for (const name of readdirSync(join(from, folder)).filter(wanted))
      symlinkSync(join(from, folder, name), join(to, folder, name))
  }
  const isFolder = (name: string) => lstatSync(join(from, client, name)).isDirectory()
  const client = '@prisma/client'
  link('.', (name) => !['.prisma', '.cache', '@prisma'].includes(name))
  link('@prisma', (name) => name !== 'client')
  link(client, isFolder)
  for (const name of readdirSync(join(from, client)))
    if (!isFolder(name)) cpSync(join(from, client, name), join(to, client, name))
}

/** The browser's files as other tests have built them, so that a panel in the copy need not; none is no harm. */
export function builtAssets(to: string): void {
  const built = root('node_modules/.cache/driveflow-tests')
  if (existsSync(built)) cpSync(built, to, { recursive: true })
}
