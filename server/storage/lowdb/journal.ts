// The journal: one line per commit, flushed before anybody sees the commit [S1]. Writes files, never reads them (replay.ts).
// Files are numbered, only grow, and are never touched again after a failure.
import { checksum } from './atomic-json-file.ts'
import { journalNumberOf } from './documents.ts'
import type { Layout } from './documents.ts'
import type { AppendFile, Files } from './files.ts'

/**
 * The first line of each file. The file continues after entry `follows`: what an older file holds beyond that number was
 * never committed (its flush failed, or a crash tore it).
 */
export interface JournalHeader {
  relayId: string
  follows: number
}

/** One line: the number and the JSON of what it carries, under one checksum. A header has number 0. */
export function journalLine(number: number, json: string): Buffer {
  return Buffer.from(`{"number":${number},"checksum":"${checksum(`${number}:${json}`)}","entry":${json}}\n`)
}

const LINE = /^\{"number":(\d+),"checksum":"([0-9a-f]{8})","entry":/

/** The line without its end, or undefined if it is not one that `journalLine` made. */
export function parseJournalLine(line: string): { number: number; json: string } | undefined {
  const match = LINE.exec(line)
  if (!match || !line.endsWith('}')) return undefined
  const json = line.slice(match[0].length, -1)
  return checksum(`${match[1]}:${json}`) === match[2] ? { number: Number(match[1]), json } : undefined
}

/** Whether there is a line in the text that at least begins as `journalLine` makes them. */
export function hasJournalLine(text: string): boolean {
  return text.split('\n').some((line) => LINE.test(line))
}

interface CurrentFile {
  number: number
  file: AppendFile
  /** Of what is committed in it, header included. */
  bytes: number
}

/** How far the journal is committed: up to entry `entry`, which ends at byte `bytes` of file `file`. */
export interface JournalEnd {
  file: number
  bytes: number
  entry: number
}

export class Journal {
  readonly #files: Files
  readonly #layout: Layout
  readonly #relayId: string
  readonly #name: (file: number) => Promise<void>
  /** Begun, durable, and perhaps not named yet. */
  #begun: CurrentFile | undefined
  #current: CurrentFile | undefined
  #lastFile = 0
  #lastEntry = 0
  #bytes = 0
  #keepers = 0

  /** @param parts.name makes the number of the file that takes the next entries known, durably, so that its loss is noticed */
  constructor(parts: { files: Files; layout: Layout; relayId: string; name: (file: number) => Promise<void> }) {
    this.#files = parts.files
    this.#layout = parts.layout
    this.#relayId = parts.relayId
    this.#name = parts.name
  }

  /**
   * To be called once, after the replay: goes on, in a new file, after what is there. The file begins with the last entry again: a relay that
   * was killed while it flushed that one has left it to the kernel, of which nobody knows whether it will ever be on the disk.
   * @param last.file the highest number of a file that exists, 0 for none.
   * @param last.entry the number of the last entry that is committed.
   * @param last.json what that entry carries, unless the documents have it.
   */
  async goOnAfter({ file, entry, json }: { file: number; entry: number; json?: string }): Promise<void> {
    this.#lastFile = file
    this.#lastEntry = entry
    this.#begun = await this.#begin(json)
    await this.#start()
  }

  /** The number of the last committed entry. */
  get lastEntry(): number {
    return this.#lastEntry
  }

  /** Bytes of entries since the last rotation. */
  get bytes(): number {
    return this.#bytes
  }

  /**
   * Appends an entry and resolves with its number when it is on the disk. Not to be called before the last call is done.
   * If it throws, the entry is not committed and never will be: what may be left of it lies in a file that a new one supersedes.
   */
  async append(json: string): Promise<number> {
    const current = this.#current ?? (await this.#start())
    const number = this.#lastEntry + 1
    const line = journalLine(number, json)
    try {
      await current.file.append(line)
      await current.file.datasync()
    } catch (error) {
      throw await this.#abandon(error)
    }
    current.bytes += line.length
    this.#lastEntry = number
    this.#bytes += line.length
    return number
  }

  /** Goes on in a new file. Resolves with that file's number: files below it get no more entries. */
  async rotate(): Promise<number> {
    const before = this.#current
    this.#current = undefined
    await before?.file.close()
    const { number } = await this.#start()
    this.#bytes = 0
    return number
  }

  /** Keeps all files that are there and those to come, for somebody who copies them, until the result is called. */
  keep(): () => void {
    this.#keepers += 1
    let released = false
    return () => {
      if (!released) this.#keepers -= 1
      released = true
    }
  }

  /** Undefined after a failure, until the next entry. Not to be asked while an append or a rotation runs. */
  get end(): JournalEnd | undefined {
    if (!this.#current) return undefined
    const { number, bytes } = this.#current
    return { file: number, bytes, entry: this.#lastEntry }
  }

  /**
   * Removes the files below `number`, oldest first and each for good, so that what is left is always a tail. While somebody keeps
   * them, they are left for the next time.
   */
  async removeBelow(number: number): Promise<void> {
    const numbers = (await this.#files.readdir(this.#layout.journal)).map(journalNumberOf)
    const old = numbers.filter((each) => each !== undefined && each < number) as number[]
    for (const each of old.toSorted((a, b) => a - b)) {
      if (this.#keepers > 0) return
      await this.#files.unlink(this.#layout.journalFile(each))
      await this.#files.syncDirectory(this.#layout.journal)
    }
  }

  async close(): Promise<void> {
    const before = [this.#current, this.#begun]
    this.#current = undefined
    this.#begun = undefined
    for (const each of before) await each?.file.close()
  }

  /** A file whose name could not be made known stays: it may be known all the same. The next attempt goes on with it. */
  async #start(): Promise<CurrentFile> {
    this.#begun ??= await this.#begin()
    try {
      await this.#name(this.#begun.number)
    } catch (error) {
      throw inOne([error])
    }
    this.#current = this.#begun
    this.#begun = undefined
    return this.#current
  }

  /** With `again`, that is the last entry once more. The file has its name when it is whole: half of it would undo that entry. */
  async #begin(again?: string): Promise<CurrentFile> {
    this.#lastFile += 1
    const number = this.#lastFile
    const follows = this.#lastEntry - Number(again !== undefined)
    const header: JournalHeader = { relayId: this.#relayId, follows }
    const lines = [journalLine(0, JSON.stringify(header))]
    if (again !== undefined) lines.push(journalLine(this.#lastEntry, again))
    const bytes = Buffer.concat(lines)
    const path = this.#layout.journalFile(number)
    const file = await this.#files.create(`${path}.next`)
    try {
      await file.append(bytes)
      await file.datasync()
      await this.#files.rename(`${path}.next`, path)
      await this.#files.syncDirectory(this.#layout.journal)
    } catch (error) {
      // It holds nothing new, and on a full disk every commit would leave another one.
      const failures = [await failureOf(file.close())]
      for (const name of [`${path}.next`, path]) failures.push(await failureOf(this.#files.unlink(name)))
      throw inOne([error, ...failures])
    }
    return { number, file, bytes: bytes.length }
  }

  /**
   * A flush that failed says nothing about what is on the disk, and a later one that succeeds says nothing about this one. So the file
   * is left as it is and superseded at once, before anybody is told of the failure; if that fails too, the next commit tries.
   */
  async #abandon(error: unknown): Promise<unknown> {
    const before = this.#current
    this.#current = undefined
    const failures = [error, before && (await failureOf(before.file.close())), await failureOf(this.#start())]
    return inOne(failures)
  }
}

/** What went wrong at first, with what went wrong after it. */
function inOne(failures: unknown[]): Error {
  const texts = failures.filter((failure) => failure !== undefined).map(String)
  return new Error(`the journal could not be written: ${texts.join('; then ')}`, { cause: failures[0] })
}

async function failureOf(attempt: Promise<unknown>): Promise<unknown> {
  try {
    await attempt
    return undefined
  } catch (error) {
    return error
  }
}
