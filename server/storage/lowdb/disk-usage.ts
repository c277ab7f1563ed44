// How many bytes the data takes: looked up file by file, so at most once a minute. Changes nothing.
import { join } from 'node:path'
import { dataFiles } from './data-files.ts'
import type { Files } from './files.ts'
import { mapLimited } from './limited.ts'

const FRESH_MS = 60_000
const READERS = 8

export class DiskUsage {
  readonly #files: Files
  readonly #dataDir: string
  readonly #now: () => number
  #looking: Promise<number> | undefined
  #lookedAt = -Infinity

  constructor(files: Files, dataDir: string, now: () => number) {
    this.#files = files
    this.#dataDir = dataDir
    this.#now = now
  }

  /** As of a minute ago or less. @throws what the file system throws */
  bytes(): Promise<number> {
    const now = this.#now()
    if (this.#looking && Math.abs(now - this.#lookedAt) < FRESH_MS) return this.#looking
    this.#lookedAt = now
    const looking = this.#look()
    this.#looking = looking
    looking.catch(() => {
      if (this.#looking === looking) this.#looking = undefined
    })
    return looking
  }

  async #look(): Promise<number> {
    const paths: string[] = []
    for await (const { path } of dataFiles(this.#files, this.#dataDir)) paths.push(join(this.#dataDir, path))
    const sizes = await mapLimited(paths, READERS, (path) => this.#files.size(path))
    return sizes.reduce((sum, bytes) => sum + bytes, 0)
  }
}
