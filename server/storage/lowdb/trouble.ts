// Whether the disk takes what is to be stored: as the last attempt went, and while it does not, a look every now and then, so that the
// end of the trouble is noticed when nobody sends anything. Knows nothing of what is stored.
import { join } from 'node:path'
import type { Log } from '../../log.ts'
import type { Files } from './files.ts'
import type { Timer } from './write-back.ts'

const LOOK_AGAIN_MS = 5_000
/** A disk that takes this takes a commit. */
const PROBE_BYTES = 64 * 1024

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the disk can only be read',
  EIO: 'the disk reports an error',
  EACCES: 'the data directory may not be written to',
  EPERM: 'the data directory may not be written to'
}

interface TroubleParts {
  files: Files
  dataDir: string
  /** Does what commits wait for, if they do. */
  makeRoom: () => Promise<void>
  timer: Timer
  log: Log
}

export class Trouble {
  readonly #parts: TroubleParts
  readonly #listeners = new Set<() => void>()
  #reason: string | undefined
  #cancel: () => void = () => undefined
  #closed = false

  constructor(parts: TroubleParts) {
    this.#parts = parts
  }

  /** Why nothing can be stored now; undefined if it can, as far as is known. */
  get reason(): string | undefined {
    return this.#reason
  }

  /** Calls `listener` when there is a reason now and there was none, or the other way around. @returns ends that */
  watch(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** To be told of each attempt to store. */
  failed(error: unknown): void {
    if (this.#closed) return
    this.#cancel()
    this.#cancel = this.#parts.timer(LOOK_AGAIN_MS, () => void this.#look())
    if (this.#reason === undefined) this.#set(REASONS[codeIn(error)] ?? 'the data cannot be written')
  }

  worked(): void {
    if (this.#reason === undefined) return
    this.#cancel()
    this.#set(undefined)
  }

  close(): void {
    this.#closed = true
    this.#cancel()
  }

  async #look(): Promise<void> {
    const { files, dataDir, makeRoom } = this.#parts
    // The next start removes one that is left.
    const path = join(dataDir, 'probe.next')
    try {
      await files.unlink(path)
      const file = await files.create(path)
      try {
        await file.append(Buffer.alloc(PROBE_BYTES))
        await file.datasync()
      } finally {
        await file.close()
        await files.unlink(path)
      }
      if (this.#closed) return
      await makeRoom()
      if (!this.#closed) this.worked()
    } catch (error) {
      this.failed(error)
    }
  }

  #set(reason: string | undefined): void {
    const { log } = this.#parts
    this.#reason = reason
    if (reason === undefined) log.info('storing works again')
    else log.error(`nothing can be stored: ${reason}; what is sent waits on the devices`)
    for (const listener of this.#listeners) listener()
  }
}

/** The system's code, also of what was thrown on from it. */
function codeIn(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as NodeJS.ErrnoException
    if (code !== undefined) return code
  }
  return ''
}
