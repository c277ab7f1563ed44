// PostgreSQL servers for tests and benchmarks: installed binaries, or Debian's packages unpacked beside node_modules. Each server has data and a
// socket of its own in the temporary directory, no port, and ends with the process that started it. Knows nothing of Maru.
import { spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { findUnpacked } from './debian-package.mjs'

/** @typedef {{ bin: string, libraries?: string }} Binaries */

const READY = 'database system is ready to accept connections'
/** After its postmaster was killed, what is left of a server needs a moment to notice. */
const STILL_IN_USE = /pre-existing shared memory block|lock file .* already exists/
const STOP_SIGNALS = /** @type {const} */ ({ fast: 'SIGINT', immediate: 'SIGQUIT', kill: 'SIGKILL' })
const START_ATTEMPTS = 100
const START_AGAIN_MS = 50

/** @param {string} folder a `usr` @returns {string[]} the newest version first */
function versionsIn(folder) {
  const versions = join(folder, 'lib', 'postgresql')
  if (!existsSync(versions)) return []
  return readdirSync(versions)
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(versions, version, 'bin'))
    .filter((bin) => existsSync(join(bin, 'initdb')))
}

/** @type {Binaries | null | undefined} */
let found

/**
 * Looks in the usual places, then for Debian's packages (the first time, this downloads some 20 MB).
 * @returns {Binaries | undefined}
 */
export function findPostgres() {
  if (found === undefined) found = findInstalled() ?? findInPackages() ?? null
  return found ?? undefined
}

/** @returns {Binaries | undefined} */
function findInstalled() {
  const ofPath = (process.env.PATH ?? '').split(':').filter((folder) => existsSync(join(folder, 'initdb')))
  const others = ['/usr/local/pgsql/bin', '/opt/homebrew/opt/postgresql/bin', '/usr/local/opt/postgresql/bin']
  const bin = [...versionsIn('/usr'), ...ofPath, ...others].find((folder) => starts({ bin: folder }))
  return bin === undefined ? undefined : { bin }
}

/** @returns {Binaries | undefined} */
export function findInPackages() {
  return findUnpacked('postgresql', (folder) => {
    const lib = join(folder, 'usr', 'lib')
    const libraries = existsSync(lib) ? readdirSync(lib).find((name) => name.endsWith('-linux-gnu')) : undefined
    return versionsIn(join(folder, 'usr'))
      .map((bin) => (libraries === undefined ? { bin } : { bin, libraries: join(lib, libraries) }))
      .find(starts)
  })
}

/** @param {Binaries} binaries */
function starts(binaries) {
  return ['initdb', 'postgres'].every((program) => {
    const [command, args] = unprivileged(join(binaries.bin, program), ['--version'])
    return spawnSync(command, args, { env: environment(binaries), stdio: 'ignore' }).status === 0
  })
}

/** @param {Binaries} binaries */
function environment({ libraries }) {
  const { PATH, HOME } = process.env
  return { PATH, HOME, LC_ALL: 'C', ...(libraries === undefined ? {} : { LD_LIBRARY_PATH: libraries }) }
}

/** PostgreSQL refuses to be run by root. @returns {{ uid: number, gid: number } | undefined} whom it runs as, if not as ourselves */
function otherUser() {
  if (process.getuid?.() !== 0) return undefined
  const entries = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  const entry = ['postgres', 'nobody'].map((name) => entries.find(([user]) => user === name)).find(Boolean)
  if (!entry) throw new Error('this machine has no user postgres and no user nobody to run PostgreSQL')
  return { uid: Number(entry[2]), gid: Number(entry[3]) }
}

const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path))

/**
 * @param {string} program @param {string[]} args @param {string[]} [more] of setpriv
 * @returns {[string, string[]]}
 */
function unprivileged(program, args, more = []) {
  const user = otherUser()
  if (!setpriv) {
    if (user) throw new Error('running PostgreSQL as root needs setpriv (util-linux)')
    return [program, args]
  }
  const as = user ? [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'] : []
  return as.length + more.length === 0 ? [program, args] : [setpriv, [...as, ...more, program, ...args]]
}

/**
 * @returns {string | undefined} why there can be no PostgreSQL here; undefined when nothing speaks against it
 */
export function whyNoPostgres() {
  try {
    return findPostgres() ? undefined : 'PostgreSQL is not installed, and its Debian packages could not be had'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** One server; made by `startPostgres`. */
export class PostgresServer {
  /** @type {Binaries} */ #binaries
  /** @type {Record<string, string>} */ #settings
  /** @type {import('node:child_process').ChildProcess | undefined} */ #process
  /** The folder of its data and socket. */
  folder

  /** @param {Binaries} binaries @param {string} folder @param {Record<string, string>} settings */
  constructor(binaries, folder, settings) {
    this.#binaries = binaries
    this.folder = folder
    this.#settings = settings
  }

  /** @param {string} [database] @returns {string} for DATABASE_URL; without a password, for the socket's folder is private */
  url(database = 'postgres') {
    return `postgres://maru@${encodeURIComponent(this.folder)}/${database}`
  }

  /** Resolves when it accepts connections. */
  async start() {
    for (let attempt = 1; ; attempt++) {
      const said = await this.#startOnce()
      if (said === undefined) return
      if (attempt === START_ATTEMPTS || !STILL_IN_USE.test(said)) throw new Error(`PostgreSQL did not start: ${said}`)
      await new Promise((resolve) => setTimeout(resolve, START_AGAIN_MS))
    }
  }

  /** @returns {Promise<string | undefined>} what it said, if it did not start */
  #startOnce() {
    const settings = Object.entries(this.#settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const args = ['-D', join(this.folder, 'data'), '-k', this.folder, ...settings]
    // With whoever started it, it ends at once: a killed test run leaves no server behind.
    const [command, all] = unprivileged(join(this.#binaries.bin, 'postgres'), args, ['--pdeathsig', 'QUIT'])
    const server = spawn(command, all, { env: environment(this.#binaries), stdio: ['ignore', 'ignore', 'pipe'] })
    this.#process = server
    return new Promise((resolve, reject) => {
      let said = ''
      server.stderr?.on('data', (/** @type {Buffer} */ text) => {
        said = (said + String(text)).slice(-10_000)
        if (said.includes(READY)) resolve(undefined)
      })
      server.once('error', reject)
      server.once('exit', () => resolve(said))
    })
  }

  /**
   * Resolves when the server has ended. The modes are PostgreSQL's own: fast ends sessions, immediate is a crash with a signal, kill is one without.
   * @param {'fast' | 'immediate' | 'kill'} [mode]
   */
  async stop(mode = 'fast') {
    const server = this.#process
    if (!server || server.exitCode !== null || server.signalCode !== null) return
    const exited = new Promise((resolve) => server.once('exit', resolve))
    server.kill(STOP_SIGNALS[mode])
    await exited
  }

  /** Stops it and removes its data. */
  async dispose() {
    await this.stop('immediate')
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10 })
  }
}

/**
 * Makes and starts a server, with a superuser `maru` and no password.
 * @param {{ durable?: boolean, settings?: Record<string, string> }} [options] durable: with fsync, for measuring
 * @returns {Promise<PostgresServer>}
 * @throws Error if there is no PostgreSQL
 */
export async function startPostgres({ durable = false, settings = {} } = {}) {
  const binaries = findPostgres()
  if (!binaries) throw new Error(whyNoPostgres())
  const folder = mkdtempSync(join(tmpdir(), 'maru-pg-'))
  const user = otherUser() ?? userInfo()
  chownSync(folder, user.uid, user.gid)
  const options = ['-A', 'trust', '-U', 'maru', '-E', 'UTF8', '--locale=C', '--no-sync', '--no-instructions']
  const [command, args] = unprivileged(join(binaries.bin, 'initdb'), ['-D', join(folder, 'data'), ...options])
  const made = spawnSync(command, args, { env: environment(binaries), encoding: 'utf8' })
  if (made.status !== 0) {
    rmSync(folder, { recursive: true, force: true })
    throw new Error(`initdb failed: ${made.stderr || made.error?.message}`)
  }
  const own = { listen_addresses: '', log_statement: 'none', fsync: durable ? 'on' : 'off' }
  const server = new PostgresServer(binaries, folder, { ...own, ...settings })
  try {
    await server.start()
    return server
  } catch (error) {
    await server.dispose()
    throw error
  }
}
