// Who copies a data directory comes to terms with whoever has it: nobody (then it is locked meanwhile) or a running relay (then that
// keeps its journal, see backup-host.ts). Copies nothing.
import { createInterface } from 'node:readline'
import type { Socket } from 'node:net'
import type { BackupAnswer, BackupRequest } from './backup-host.ts'
import type { JournalEnd } from './journal.ts'
import { connectToHolder, DirectoryInUseError, lockDirectory } from './lock.ts'

/** What is in the way of a backup, restore or verification; `message` is a sentence for whoever runs it. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError'
}

export interface Access {
  /** Whether a relay runs on the data. */
  running: boolean
  /** How far a running relay's journal is committed now; of one that stands still all of it is, undefined. */
  end(): Promise<JournalEnd | undefined>
  /** @throws OperatorError if the journal may not have been kept all the time since the access was given. */
  confirm(): Promise<void>
  close(): Promise<void>
}

/**
 * From now to `close`, the data can be copied in the order of `dataFiles`.
 * @throws OperatorError if somebody has the directory who does not help, or it cannot be locked.
 */
export async function accessData(dataDir: string): Promise<Access> {
  const unlock = await lockOrHolder(dataDir)
  if (typeof unlock === 'function') {
    return { running: false, end: async () => undefined, confirm: async () => undefined, close: unlock }
  }
  const relay = new Conversation(unlock, dataDir)
  await relay.ask('keep')
  return {
    running: true,
    end: async () => (await relay.ask('end')).end,
    confirm: async () => void (await relay.ask('still')),
    close: async () => relay.close()
  }
}

/** For a directory that must not be changed, so not locked either. @throws OperatorError if somebody has it. */
export async function refuseHeld(directory: string): Promise<void> {
  const connection = await connectToHolder(directory)
  connection?.destroy()
  if (connection) throw new OperatorError(`A relay is running on ${directory}: stop it first.`)
}

async function lockOrHolder(dataDir: string): Promise<(() => Promise<void>) | Socket> {
  try {
    return await lockDirectory(dataDir)
  } catch (error) {
    if (error instanceof DirectoryInUseError) {
      const connection = await connectToHolder(dataDir)
      if (connection) return connection
      throw new OperatorError(`A relay is starting or stopping on ${dataDir}: try again.`, { cause: error })
    }
    // Nobody writes to a disk that can only be read.
    if (codeOf(error) === 'EROFS' && !(await connectToHolder(dataDir))) return async () => undefined
    throw new OperatorError(`${dataDir} cannot be used: ${codeOf(error)}. Run this as the relay's own user.`, {
      cause: error
    })
  }
}

/** One question after the other. */
class Conversation {
  readonly #connection: Socket
  readonly #dataDir: string
  readonly #lines: AsyncIterator<string>
  #closed = false

  constructor(connection: Socket, dataDir: string) {
    this.#connection = connection
    this.#dataDir = dataDir
    // Its end is noticed by the next question.
    connection.on('error', () => connection.destroy())
    this.#lines = createInterface({ input: connection })[Symbol.asyncIterator]()
  }

  async ask(request: BackupRequest): Promise<BackupAnswer & { ok: true }> {
    this.#connection.write(`${request}\n`)
    const line = await this.#nextLine()
    if (line === undefined) {
      if (request !== 'keep') throw new OperatorError('The relay stopped in the middle: back up again.')
      throw new OperatorError(`${this.#dataDir} is in use by a program that makes no backups: try again later.`)
    }
    const answer = JSON.parse(line) as BackupAnswer
    if (!answer.ok) throw new OperatorError(`The running relay does not help: ${answer.why}.`)
    return answer
  }

  async #nextLine(): Promise<string | undefined> {
    try {
      const line = await this.#lines.next()
      return line.done ? undefined : line.value
    } catch (error) {
      if (['EPIPE', 'ECONNRESET'].includes(codeOf(error))) return undefined
      throw error
    }
  }

  close(): void {
    if (!this.#closed) this.#connection.destroy()
    this.#closed = true
  }
}

/** The error code of the system, or the text of the error. */
export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error)
}
