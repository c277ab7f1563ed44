// A data directory for a test: where things lie in it, copies of it, storages on it that are closed at the end.
import { cpSync, readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog } from '../../../log.ts'
import type { Log } from '../../../log.ts'
import type { LowdbStorage } from '../lowdb-storage.ts'
import { openLowdbStorage } from '../storage.ts'
import type { LowdbOptions } from '../storage.ts'

/** Never runs: the test says when documents are written. */
const noTimer = () => () => undefined

export class TestDirectory {
  readonly path: string
  readonly #opened: LowdbStorage[] = []
  readonly #copies: string[] = []
  /** What the storages warned of. */
  readonly warnings: string[] = []

  private constructor(path: string) {
    this.path = path
  }

  static async make(): Promise<TestDirectory> {
    return new TestDirectory(await mkdtemp(join(tmpdir(), 'maru-lowdb-')))
  }

  /** Opens a storage on this directory, or on a copy of it. */
  async open(options: Partial<LowdbOptions> = {}): Promise<LowdbStorage> {
    const log: Log = { ...silentLog, warn: (text) => void this.warnings.push(text) }
    const storage = await openLowdbStorage({ dataDir: this.path, timer: noTimer, log, ...options })
    this.#opened.push(storage)
    return storage
  }

  /**
   * What the disk would hold if the relay died now: copied without letting it go on. (What a thread of the file system is doing in this moment may
   * be in it or not, as in a crash.)
   */
  crash(of = this.path): string {
    for (;;) {
      const copy = `${this.path}-crash-${this.#copies.length}`
      this.#copies.push(copy)
      try {
        cpSync(of, copy, { recursive: true, filter: (name) => !/\.lock(\.new)?$/.test(name) })
        return copy
      } catch (error) {
        // A thread renamed or removed a file between its listing and its copying: the next copy sees it done.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      }
    }
  }

  /** The paths of the journal's files, in order. */
  journal(of = this.path): string[] {
    const directory = join(of, 'journal')
    return readdirSync(directory)
      .toSorted()
      .map((name) => join(directory, name))
  }

  async dispose(): Promise<void> {
    await Promise.allSettled(this.#opened.map((storage) => storage.close()))
    for (const path of [this.path, ...this.#copies]) await rm(path, { recursive: true, force: true })
  }
}
