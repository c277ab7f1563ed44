// Checks what is derived from the segments of a room: fingerprints of ids, runs of them, late changes. What of it is missing or damaged is made
// again by a start; what is wrong would hide messages from who asks by id or by rev.
import { join } from 'node:path'
import type { Report } from '../verified-facts.ts'
import { DamagedFileError, documentAt } from './atomic-json-file.ts'
import { firstSeqOf, Layout, RUN_SEGMENTS, runOf, SEGMENT_MESSAGES } from './documents.ts'
import type {
  FingerprintsDocument,
  LateDocument,
  RoomDocument,
  RunDocument,
  SegmentDocument,
  SegmentEntry
} from './documents.ts'
import type { Files } from './files.ts'
import { fingerprint, FingerprintRun } from './fingerprints.ts'

interface Parts {
  files: Files
  dataDir: string
  report: Report
  /** Files in which something was found already. */
  named: ReadonlySet<string>
  roomId: string
  room: RoomDocument
  fingerprintKey: readonly [number, number]
}

export class DerivedVerification {
  readonly #parts: Parts
  readonly #layout: Layout
  /** Of the run so far. */
  #prints: number[] = []
  #late = new Map<number, number[]>()
  #lacking = false
  #run = 0

  constructor(parts: Parts) {
    this.#parts = parts
    this.#layout = new Layout(parts.dataDir)
  }

  /** The next segment; undefined if it cannot be read. `end` follows the last one. */
  async segment(number: number, segment: SegmentDocument | undefined, entry: SegmentEntry | undefined): Promise<void> {
    if (runOf(number) !== this.#run) await this.end()
    this.#run = runOf(number)
    if (!segment) {
      this.#lacking = true
      return
    }
    const prints = segment.messages.map(({ id }) => fingerprint(id, this.#parts.fingerprintKey))
    this.#prints.push(...prints)
    if (prints.length === SEGMENT_MESSAGES) await this.#checkFingerprints(segment, prints)
    if (entry?.appended === undefined) return
    const { appended } = entry
    const revs = [...segment.messages, ...(segment.reactions ?? [])].map(({ rev }) => rev)
    const late = revs.filter((rev) => rev > appended).toSorted((a, b) => a - b)
    if (late.length > 0) this.#late.set(number, late)
  }

  /** The end of a run. */
  async end(): Promise<void> {
    if (this.#run > 0 && !this.#lacking) {
      await this.#checkRun()
      await this.#checkLate()
    }
    this.#prints = []
    this.#late = new Map()
    this.#lacking = false
  }

  async #checkFingerprints(segment: SegmentDocument, prints: readonly number[]): Promise<void> {
    const where = this.#layout.fingerprints(this.#parts.roomId, segment.number)
    const document = await this.#read<FingerprintsDocument>(where)
    if (!document) return
    const bytes = Buffer.from(document.fingerprints, 'base64')
    const wrong = prints.findIndex((print, at) => bytes.length < at * 4 + 4 || bytes.readUInt32LE(at * 4) !== print)
    if (wrong !== -1) this.#report(where, `fingerprint of the message with seq ${segment.firstSeq + wrong} is another`)
  }

  async #checkRun(): Promise<void> {
    if (this.#prints.length !== RUN_SEGMENTS * SEGMENT_MESSAGES) return
    const where = this.#layout.run(this.#parts.roomId, this.#run)
    const document = await this.#read<RunDocument>(where)
    if (!document) return
    const firstSeq = firstSeqOf((this.#run - 1) * RUN_SEGMENTS + 1)
    const expected = FingerprintRun.of(firstSeq, this.#prints).toBytes()
    if (!expected.equals(Buffer.from(document.fingerprints, 'base64'))) {
      this.#report(where, 'fingerprints are not those of the messages')
    }
  }

  async #checkLate(): Promise<void> {
    const { room, roomId, report } = this.#parts
    if (!room.late?.includes(this.#run)) {
      if (this.#late.size === 0) return
      const what = `late changes of the segments ${[...this.#late.keys()].join(', ')}`
      return report({ where: `rooms/${roomId}/room.json`, what, expected: 'a document of them', found: 'none' })
    }
    const where = this.#layout.late(roomId, this.#run)
    const document = await this.#read<LateDocument>(where)
    if (!document) return
    const held = new Map(document.segments.map(({ number, revs }) => [number, revs]))
    for (const number of new Set([...held.keys(), ...this.#late.keys()])) {
      // Segments of an older format have no such list.
      if (room.segments[number - 1]?.appended === undefined) continue
      const [expected, found] = [this.#late, held].map((each) => each.get(number)?.join(', ') ?? 'none')
      if (expected !== found) this.#report(where, `revs of late changes of segment ${number}`, expected, found)
    }
  }

  /** Undefined if it is missing, damaged, or named already. */
  async #read<T>(path: string): Promise<T | undefined> {
    const { files, named } = this.#parts
    if (named.has(this.#short(path))) return undefined
    const low = documentAt<T | null>(files, path, null)
    try {
      await low.read()
    } catch (error) {
      if (error instanceof DamagedFileError) return undefined
      throw error
    }
    return low.data ?? undefined
  }

  #report(path: string, what: string, expected?: string, found?: string): void {
    const numbers = expected === undefined || found === undefined ? {} : { expected, found }
    this.#parts.report({ where: this.#short(path), what, ...numbers })
  }

  #short(path: string): string {
    return path.slice(join(this.#parts.dataDir, 'x').length - 1).replaceAll('\\', '/')
  }
}
