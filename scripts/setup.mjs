// Brings a clone to the point where it can run: Node's version, packages, builds. Uses nothing but Node itself.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..')

/** Ends the process with one sentence if this Node is too old to run anything here. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  console.error(`Maru needs Node 20.19 or newer; this is Node ${process.versions.node}.`)
  process.exit(1)
}

/**
 * Runs a program of an installed package with this Node and waits for it.
 * @param {string} packageName
 * @param {string} bin
 * @param {string[]} args
 * @param {{ timeout?: number, env?: NodeJS.ProcessEnv, stdio?: import('node:child_process').StdioOptions }} [options]
 * @returns {boolean} whether it ended with code 0
 */
export function runBin(packageName, bin, args, options = {}) {
  const folder = join(root, 'node_modules', packageName)
  const entry = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).bin
  const file = typeof entry === 'string' ? entry : entry[bin]
  return run(process.execPath, [join(folder, file), ...args], options)
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnSyncOptions} [options]
 * @returns {boolean} whether it ended with code 0
 */
export function run(command, args, options = {}) {
  const { status, signal, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options })
  if (error) console.error(`${command}: ${error.message}`)
  if (signal === 'SIGINT') process.exit(130)
  return status === 0
}

/** @param {string} file */
function readPackages(file) {
  /** @type {Record<string, { version?: string, optional?: boolean }>} */
  const packages = JSON.parse(readFileSync(file, 'utf8')).packages
  return packages
}

/** Whether node_modules holds what package-lock.json says (npm keeps a lock of what it really installed). */
export function packagesAreInstalled() {
  const hidden = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(hidden)) return false
  const installed = readPackages(hidden)
  return Object.entries(readPackages(join(root, 'package-lock.json'))).every(([path, wanted]) => {
    if (path === '') return true
    const present = installed[path]
    return present ? present.version === wanted.version : wanted.optional === true
  })
}

/** @returns {boolean} whether the packages are there now */
export function installPackages() {
  if (packagesAreInstalled()) return true
  console.log('Installing packages (npm ci) …')
  const args = ['ci', '--no-audit', '--no-fund']
  const npm = process.env.npm_execpath
  return npm?.endsWith('.js')
    ? run(process.execPath, [npm, ...args])
    : run('npm', args, { shell: process.platform === 'win32' })
}

/**
 * The builds of the product. Sources of each: everything whose change can change its output; `tool`: what makes it.
 * @type {Record<'web' | 'server' | 'desktop', { tool: 'vite' | 'electron-vite', what: string, config: string, output: string, sources: string[] }>}
 */
const builds = {
  web: {
    tool: 'vite',
    what: 'the web client',
    config: 'vite.web.config.ts',
    output: 'dist-web/index.html',
    sources: ['protocol', 'src-renderer', 'vite.web.config.ts', 'package-lock.json']
  },
  server: {
    tool: 'vite',
    what: 'the relay',
    config: 'vite.server.config.ts',
    output: 'dist-server/main.js',
    sources: ['protocol', 'server', 'vite.server.config.ts', 'package-lock.json']
  },
  desktop: {
    tool: 'electron-vite',
    what: 'the desktop app',
    config: 'electron.vite.config.ts',
    output: 'out/renderer/index.html', // the last of its three parts
    sources: ['protocol', 'server', 'src-main', 'src-renderer', 'electron.vite.config.ts', 'package-lock.json']
  }
}

/** @param {string} path @returns {number} the newest change below a path, 0 if there is nothing */
function newestMtimeMs(path) {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return 0
  if (!stat.isDirectory()) return stat.mtimeMs
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestMtimeMs(join(path, name))), stat.mtimeMs)
}

/** @param {keyof typeof builds} name */
export function buildIsFresh(name) {
  const { output, sources } = builds[name]
  const builtMs = newestMtimeMs(join(root, output))
  return builtMs > 0 && sources.every((source) => newestMtimeMs(join(root, source)) <= builtMs)
}

/** @param {keyof typeof builds} name @returns {boolean} whether it built */
export function build(name) {
  const { tool, config } = builds[name]
  return runBin(tool, tool, ['build', '--config', config, '--logLevel', 'warn'])
}

/**
 * Builds what is missing or older than its sources.
 * @param {(keyof typeof builds)[]} [names]
 * @returns {boolean} whether all of it is there now
 */
export function buildIfStale(names = ['web', 'server']) {
  return names.every((name) => {
    if (buildIsFresh(name)) return true
    console.log(`Building ${builds[name].what} …`)
    return build(name)
  })
}
