// The lowdb adapter: one JSON document in one file, replaced as a whole, with a checksum that is verified at reading. A torn
// or changed file is an error that names it, never an empty document.
import { crc32 } from 'node:zlib'
import { Low } from 'lowdb'
import type { Adapter } from 'lowdb'
import { writeAtomic } from './files.ts'
import type { Files } from './files.ts'

/** A file of the data directory is not what the relay wrote: damaged, changed by hand, or missing. */
export class DamagedFileError extends Error {
  override readonly name = 'DamagedFileError'
  readonly path: string

  constructor(path: string, what: string) {
    super(`${path}: ${what}`)
    this.path = path
  }
}

const HEADER = /^\{"checksum":"([0-9a-f]{8})","bytes":(\d+),"data":\n$/
const FOOTER = '\n}\n'

/** Reads and writes `{"checksum", "bytes", "data"}`; both numbers are of the data's text. */
export class AtomicJsonFile<T> implements Adapter<T> {
  readonly path: string
  /** Length of the document as it was last read or written. */
  bytes = 0
  readonly #files: Files

  constructor(files: Files, path: string) {
    this.#files = files
    this.path = path
  }

  /** Null if there is no such file. @throws DamagedFileError if there is one that was not written by `write`. */
  async read(): Promise<T | null> {
    const file = await this.#files.read(this.path)
    if (!file) return null
    const start = file.indexOf('\n') + 1
    const header = HEADER.exec(file.toString('latin1', 0, start))
    if (!header) throw new DamagedFileError(this.path, 'does not begin as the relay writes it')
    const data = file.subarray(start, file.length - FOOTER.length)
    if (data.length !== Number(header[2]) || file.toString('latin1', start + data.length) !== FOOTER)
      throw new DamagedFileError(this.path, `has ${file.length} bytes, which is not what the relay wrote`)
    if (checksum(data) !== header[1]) throw new DamagedFileError(this.path, 'does not match its checksum')
    this.bytes = file.length
    return JSON.parse(data.toString('utf8')) as T
  }

  /** The document is taken as it is when this is called; later changes to it are not written. */
  async write(document: T): Promise<void> {
    const data = Buffer.from(toReadableJson(document))
    const header = `{"checksum":"${checksum(data)}","bytes":${data.length},"data":\n`
    const file = Buffer.concat([Buffer.from(header), data, Buffer.from(FOOTER)])
    await writeAtomic(this.#files, this.path, file)
    this.bytes = file.length
  }
}

/** A document of the data directory, empty until `read`. */
export function documentAt<T>(files: Files, path: string, empty: T): Low<T> {
  return new Low<T>(new AtomicJsonFile<T>(files, path), empty)
}

/** CRC-32 of UTF-8 text or bytes, 8 hexadecimal digits. */
export function checksum(data: string | Buffer): string {
  return crc32(data).toString(16).padStart(8, '0')
}

/** JSON with a line for each field, and for each element of a list in it: for people, grep and diff. */
function toReadableJson(document: unknown): string {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return JSON.stringify(document)
  const lines = Object.entries(document)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => {
      const text =
        Array.isArray(value) && value.some((element) => typeof element === 'object')
          ? `[\n${value.map((element) => JSON.stringify(element)).join(',\n')}\n]`
          : JSON.stringify(value)
      return `${JSON.stringify(key)}:${text}`
    })
  return `{\n${lines.join(',\n')}\n}`
}
