// relay.json: what the relay is, and from where on the journal is needed. Written by one at a time; whoever writes next repairs
// what the last one could not write. Knows neither journal nor documents.
import { dirname, join } from 'node:path'
import type { Low } from 'lowdb'
import { v4 } from 'uuid'
import { DamagedFileError, documentAt } from './atomic-json-file.ts'
import { FORMAT } from './documents.ts'
import type { Layout, RelayDocument } from './documents.ts'
import type { Files } from './files.ts'
import { Turns } from './limited.ts'

/** An integer from 0 to `limit` − 1. */
export type Below = (limit: number) => number

export class RelayFile {
  readonly #files: Files
  readonly #layout: Layout
  readonly #low: Low<RelayDocument>
  readonly #turns = new Turns()

  private constructor(files: Files, layout: Layout, low: Low<RelayDocument>) {
    this.#files = files
    this.#layout = layout
    this.#low = low
  }

  /**
   * Reads relay.json, or makes it if the directory is new.
   * @throws DamagedFileError if it is damaged, of a newer relay, or missing although there is data.
   */
  static async open(files: Files, layout: Layout, below: Below): Promise<RelayFile> {
    const low = documentAt<RelayDocument>(files, layout.relay, {
      format: FORMAT,
      relayId: v4({ random: Uint8Array.from({ length: 16 }, () => below(256)) }),
      fingerprintKey: [below(2 ** 32), below(2 ** 32)],
      epochs: [],
      writtenThrough: 0,
      usersBegins: []
    })
    const relay = new RelayFile(files, layout, low)
    if (await files.read(layout.relay)) {
      await low.read()
      const { format } = low.data
      if (!(format >= 1 && format <= FORMAT)) {
        const known = `this version reads formats 1 to ${FORMAT}`
        throw new DamagedFileError(layout.relay, `has format ${format}, that of a newer relay; ${known}`)
      }
      return relay
    }
    for (const path of [layout.users, layout.rooms, layout.avatars, layout.journal]) {
      const names = await files.readdir(path)
      if (names.length > 0)
        throw new DamagedFileError(layout.relay, `is missing, but there is ${join(path, names[0] ?? '')}`)
    }
    await syncAbove(files, layout.dataDir)
    await relay.write(() => undefined)
    return relay
  }

  /** Not to be changed but by `write`. */
  get data(): Readonly<RelayDocument> {
    return this.#low.data
  }

  /** Changes it and resolves when that is on the disk. If it throws, the change may be there or not, and the next write brings it. */
  write(change: (data: RelayDocument) => void): Promise<void> {
    return this.#turns.take(async () => {
      change(this.#low.data)
      await this.#low.write()
      await this.#files.syncDirectory(this.#layout.dataDir)
    })
  }
}

/**
 * Makes the names of a new data directory, and of those that it lies in, durable: an earlier start that ended too soon may have made any of
 * them. Those that this user may not open were not made by it.
 */
async function syncAbove(files: Files, dataDir: string): Promise<void> {
  for (let at = dataDir; dirname(at) !== at; at = dirname(at)) {
    try {
      await files.syncDirectory(dirname(at))
    } catch (error) {
      if (!['EACCES', 'EPERM', 'EROFS', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    }
  }
}
