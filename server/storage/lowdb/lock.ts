// One relay per data directory. The lock is a socket that its holder listens on: the kernel lets go of it however the
// process ends, and a file or a process id that is left over says nothing. Knows no storage.
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, realpath, rename, rm, symlink } from 'node:fs/promises'
import { createConnection, createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
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

/** Gives the directory back, and ends all connections to its holder. */
export type Unlock = () => Promise<void>

/** What a holder does with a connection, after it has said that it holds. Most ends only wanted to know that, and close it. */
export type Attend = (connection: Socket) => void

/** What a listener says first, in a line, to whoever connects. */
const HELD = 'held'
const STARTING = 'starting'

/** What making a socket fails with on a file system that has none (exFAT, some shares); then the lock is beside the data. */
const WITHOUT_SOCKETS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])

/** What sockets are called, and what may be left of them in the data directory. */
export const LOCK_NAME = /\.lock(\.new)?$/

const ATTEMPTS = 20
const MAX_PAUSE_MS = 100
/** A holder that is too busy to answer holds all the same. */
const MAX_ANSWER_MS = 3_000
/** A socket's path may have 107 bytes on Linux, 103 on macOS. */
const MAX_SOCKET_PATH_BYTES = 100

/** @throws DirectoryInUseError if another living relay has the directory, which must exist. */
export async function lockDirectory(dataDir: string, attend: Attend = (one) => one.end()): Promise<Unlock> {
  const directory = await realpath(dataDir)
  return process.platform === 'win32' ? lockByPipe(directory, attend) : lockBySocket(directory, attend)
}

/**
 * A connection to whoever holds the directory, after the line that says so; undefined if nobody does. Makes nothing there, so that it also
 * answers for a directory that must not be changed.
 */
export async function connectToHolder(dataDir: string): Promise<Socket | undefined> {
  const directory = await realpath(dataDir)
  if (process.platform === 'win32') return greeted(pipeFor(directory))
  for (const place of [directory, besides(directory)]) {
    const names = await readdir(place).catch(() => [])
    const sockets = await shortPathTo(place)
    try {
      for (const name of names.filter((each) => LOCK_NAME.test(each))) {
        const connection = await greeted(join(sockets.path, name))
        if (connection) return connection
      }
    } finally {
      await sockets.release()
    }
  }
  return undefined
}

/** A named pipe lives as long as its holder, and only one process can make it. */
async function lockByPipe(directory: string, attend: Attend): Promise<Unlock> {
  const listener = listenerThat(() => HELD, attend)
  try {
    await listening(listener.server, pipeFor(directory))
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE') throw new DirectoryInUseError(directory)
    throw error
  }
  listener.server.unref()
  return listener.close
}

function pipeFor(directory: string): string {
  return `\\\\.\\pipe\\maru-${createHash('sha256').update(directory.toLowerCase()).digest('hex').slice(0, 32)}`
}

/**
 * Every starter shows a socket of its own and then asks all others that are shown; it goes on only if none answers. Of two starters
 * at least one sees the other, because each shows itself before it looks; so never do two go on. Names are never used twice and a socket
 * is shown (renamed) when it listens already: one that refuses is dead, and removing it can hit nobody else.
 */
async function lockBySocket(dataDir: string, attend: Attend): Promise<Unlock> {
  try {
    return await lockIn(dataDir, dataDir, attend)
  } catch (error) {
    if (!WITHOUT_SOCKETS.has(codeOf(error))) throw error
    const instead = besides(dataDir)
    await mkdir(instead, { recursive: true, mode: 0o700 })
    return lockIn(instead, dataDir, attend)
  }
}

/** Where the sockets are if the file system of the data has none. */
function besides(dataDir: string): string {
  return join(tmpdir(), `maru-${createHash('sha256').update(dataDir).digest('hex').slice(0, 32)}`)
}

async function lockIn(directory: string, dataDir: string, attend: Attend): Promise<Unlock> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const sockets = await shortPathTo(directory)
    try {
      const unlock = await attemptSocket(directory, sockets.path, attend)
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
async function attemptSocket(
  directory: string,
  sockets: string,
  attend: Attend
): Promise<Unlock | typeof HELD | typeof STARTING> {
  const name = `${randomBytes(6).toString('hex')}.lock`
  let says: string = STARTING
  const { server, close } = listenerThat(() => says, attend)
  await listening(server, join(sockets, `${name}.new`))
  const unlock = async () => {
    await rm(join(directory, name), { force: true })
    await close()
  }
  try {
    await rename(join(directory, `${name}.new`), join(directory, name))
    for (const other of await readdir(directory)) {
      if (other === name || !LOCK_NAME.test(other)) continue
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
    const socket = createConnection(path)
    const answered = (answer: string) => {
      socket.destroy()
      resolve(answer)
    }
    firstLine(socket, answered)
    socket.setTimeout(MAX_ANSWER_MS, () => answered(HELD))
    socket.on('error', (error) => answered(['ECONNREFUSED', 'ENOENT'].includes(codeOf(error)) ? 'dead' : HELD))
  })
}

/** The connection, if a holder answers there. */
function greeted(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection(path)
    const none = () => {
      socket.destroy()
      resolve(undefined)
    }
    socket.on('error', none)
    socket.setTimeout(MAX_ANSWER_MS, none)
    firstLine(socket, (said) => {
      if (said !== HELD) return none()
      socket.off('error', none)
      socket.setTimeout(0, none)
      resolve(socket)
    })
  })
}

/** Takes what is said up to the end of the first line, or of the connection (as older relays said it). */
function firstLine(socket: Socket, take: (line: string) => void): void {
  let said = ''
  const read = (bytes: Buffer) => {
    said += bytes.toString('latin1')
    if (said.includes('\n')) done()
  }
  const done = () => {
    socket.off('data', read).off('end', done).pause()
    take(said.trim())
  }
  socket.on('data', read).on('end', done)
}

/** Says its line to whoever connects; a connection that is told `held` is then the holder's to attend. */
function listenerThat(says: () => string, attend: Attend): { server: Server; close: () => Promise<void> } {
  const connections = new Set<Socket>()
  const server = createServer((connection) => {
    connections.add(connection)
    connection.on('close', () => connections.delete(connection)).on('error', () => connection.destroy())
    connection.unref()
    const line = says()
    if (line !== HELD) return void connection.end(`${line}\n`)
    connection.write(`${line}\n`)
    connection.resume()
    attend(connection)
  })
  const close = async () => {
    const end = closed(server)
    for (const connection of connections) connection.destroy()
    await end
  }
  return { server, close }
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
