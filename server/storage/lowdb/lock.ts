// One relay per data directory. The lock is a socket that its holder listens on: the kernel lets go of it however the
// process ends, and a file or a process id that is left over says nothing. Knows no storage.
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, realpath, rename, rm, symlink } from 'node:fs/promises'
import { createConnection, createServer } from 'node:net'
import type { Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** Another relay, alive, has the data directory. */
export class DirectoryInUseError extends Error {
  override readonly name = 'DirectoryInUseError'

  constructor(dataDir: string) {
    super(`another relay is running on ${dataDir}`)
  }
}

/** Gives the directory back. */
export type Unlock = () => Promise<void>

/** What a listener says to whoever asks. */
const HELD = 'held'
const STARTING = 'starting'

/** What making a socket fails with on a file system that has none (exFAT, some shares); then the lock is beside the data. */
const WITHOUT_SOCKETS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])

const ATTEMPTS = 20
const MAX_PAUSE_MS = 100
/** A holder that is too busy to answer holds all the same. */
const MAX_ANSWER_MS = 3_000
/** A socket's path may have 107 bytes on Linux, 103 on macOS. */
const MAX_SOCKET_PATH_BYTES = 100

/** @throws DirectoryInUseError if another living relay has the directory, which must exist. */
export async function lockDirectory(dataDir: string): Promise<Unlock> {
  const directory = await realpath(dataDir)
  return process.platform === 'win32' ? lockByPipe(directory) : lockBySocket(directory)
}

/** A named pipe lives as long as its holder, and only one process can make it. */
async function lockByPipe(directory: string): Promise<Unlock> {
  const hash = createHash('sha256').update(directory.toLowerCase()).digest('hex').slice(0, 32)
  const server = createServer((socket) => socket.end(HELD))
  try {
    await listening(server, `\\\\.\\pipe\\maru-${hash}`)
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE') throw new DirectoryInUseError(directory)
    throw error
  }
  server.unref()
  return () => closed(server)
}

/**
 * Every starter shows a socket of its own and then asks all others that are shown; it goes on only if none answers. Of two starters
 * at least one sees the other, because each shows itself before it looks; so never do two go on. Names are never used twice and a socket
 * is shown (renamed) when it listens already: one that refuses is dead, and removing it can hit nobody else.
 */
async function lockBySocket(dataDir: string): Promise<Unlock> {
  try {
    return await lockIn(dataDir, dataDir)
  } catch (error) {
    if (!WITHOUT_SOCKETS.has(codeOf(error))) throw error
    const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 32)
    const instead = join(tmpdir(), `maru-${hash}`)
    await mkdir(instead, { recursive: true, mode: 0o700 })
    return lockIn(instead, dataDir)
  }
}

async function lockIn(directory: string, dataDir: string): Promise<Unlock> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const sockets = await shortPathTo(directory)
    try {
      const unlock = await attemptSocket(directory, sockets.path)
      if (unlock === HELD) throw new DirectoryInUseError(dataDir)
      if (unlock !== STARTING) return unlock
    } finally {
      await sockets.release()
    }
    await pause(Math.random() * MAX_PAUSE_MS)
  }
  throw new DirectoryInUseError(dataDir)
}

/** `starting` if another starter was met: both stand back and try again after a random while. */
async function attemptSocket(directory: string, sockets: string): Promise<Unlock | typeof HELD | typeof STARTING> {
  const name = `${randomBytes(6).toString('hex')}.lock`
  let says: string = STARTING
  const server = createServer((socket) => socket.on('error', () => socket.destroy()).end(says))
  await listening(server, join(sockets, `${name}.new`))
  const unlock = async () => {
    await rm(join(directory, name), { force: true })
    await closed(server)
  }
  try {
    await rename(join(directory, `${name}.new`), join(directory, name))
    for (const other of await readdir(directory)) {
      if (other === name || !/\.lock(\.new)?$/.test(other)) continue
      const answer = await ask(join(sockets, other))
      if (answer === 'dead') await rm(join(directory, other), { force: true })
      else return await unlock().then(() => (answer === STARTING ? STARTING : HELD))
    }
  } catch (error) {
    await unlock()
    // Another starter asked in the moment before this one listened, and took its socket for dead.
    if (codeOf(error) === 'ENOENT') return STARTING
    throw error
  }
  says = HELD
  server.unref()
  return unlock
}

/** The directory under a path that is short enough for a socket; if need be, by a link that is needed only to open it. */
async function shortPathTo(directory: string): Promise<{ path: string; release: () => Promise<void> }> {
  const longest = join(directory, `${'0'.repeat(12)}.lock.new`)
  if (Buffer.byteLength(longest) <= MAX_SOCKET_PATH_BYTES) return { path: directory, release: async () => undefined }
  const temporary = await mkdtemp(join(tmpdir(), 'maru-'))
  const path = join(temporary, 'd')
  await symlink(directory, path)
  return { path, release: () => rm(temporary, { recursive: true, force: true }) }
}

/** What the listener says; anything but a refusal counts as life. */
function ask(path: string): Promise<string> {
  return new Promise((resolve) => {
    let said = ''
    const socket = createConnection(path)
    socket.setEncoding('utf8')
    socket.on('data', (text: string) => (said += text))
    socket.on('end', () => resolve(said))
    socket.setTimeout(MAX_ANSWER_MS, () => socket.destroy(new Error('no answer')))
    socket.on('error', (error) => resolve(['ECONNREFUSED', 'ENOENT'].includes(codeOf(error)) ? 'dead' : HELD))
  })
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ path, exclusive: true }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
  })
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? ''
}
