// Finds messages by id at a cost that does not depend on the room's length [S16]: per active room a table of fingerprints in
// memory, read from small files beside the segments. Derived data: what is missing or damaged is made again from the segments.
import type { MessageRecord } from '../../../protocol/records.ts'
import type { Log } from '../../log.ts'
import { DamagedFileError, documentAt } from './atomic-json-file.ts'
import { firstSeqOf, RUN_SEGMENTS, SEGMENT_MESSAGES, segmentOf } from './documents.ts'
import type { FingerprintsDocument, Layout, RunDocument, SegmentEntry } from './documents.ts'
import type { Files } from './files.ts'
import { fingerprint, FingerprintRun, SeqTable } from './fingerprints.ts'
import { mapLimited } from './limited.ts'
import type { Segment, Segments } from './segments.ts'
import type { RoomState } from './state.ts'

interface RoomTable {
  /** Of the oldest messages, without a gap. */
  runs: FingerprintRun[]
  /** Of those after them. */
  table: SeqTable
  ready: Promise<void>
}

const READERS = 8
const RUN_MESSAGES = RUN_SEGMENTS * SEGMENT_MESSAGES

export class MessageIndex {
  readonly #files: Files
  readonly #layout: Layout
  readonly #segments: Segments
  readonly #log: Log
  readonly #key: readonly [number, number]
  readonly #maxBytes: number
  /** In the order of their last use. */
  readonly #rooms = new Map<string, RoomTable>()

  constructor(
    parts: { files: Files; layout: Layout; segments: Segments; log: Log },
    key: readonly [number, number],
    maxBytes: number
  ) {
    this.#files = parts.files
    this.#layout = parts.layout
    this.#segments = parts.segments
    this.#log = parts.log
    this.#key = key
    this.#maxBytes = maxBytes
  }

  async find(room: RoomState, messageId: string): Promise<MessageRecord | undefined> {
    if (room.headSeq === 0) return undefined
    const known = this.#rooms.get(room.id) ?? this.#load(room)
    this.#rooms.delete(room.id)
    this.#rooms.set(room.id, known)
    await known.ready
    const print = fingerprint(messageId, this.#key)
    for (const seq of [known.table, ...known.runs].flatMap((each) => each.seqsOf(print))) {
      const entry = room.segments[segmentOf(seq) - 1]
      const message = entry && (await this.#segments.read(room.id, entry))[seq - entry.firstSeq]
      if (message?.id === messageId) return message
    }
    return undefined
  }

  /** To be told of every new message. Costs nothing for rooms in which nobody looked anything up. */
  added(message: MessageRecord): void {
    this.#rooms.get(message.roomId)?.table.add(fingerprint(message.id, this.#key), message.seq)
  }

  /** Writes the fingerprints of a full segment, and of the run that it completes; they never change. */
  async writeFingerprints(segment: Segment): Promise<void> {
    const { roomId, number } = segment
    const prints = segment.low.data.messages.map(({ id }) => fingerprint(id, this.#key))
    await this.#write(roomId, number, prints)
    if (number % RUN_SEGMENTS === 0) {
      const run = await this.#makeRun(roomId, number / RUN_SEGMENTS, prints)
      await this.#writeRun(roomId, run)
      this.#shorten(roomId, run)
    }
    segment.fingerprinted = true
  }

  #load(room: RoomState): RoomTable {
    const runs = this.#runsOf(room)
    const table = new SeqTable(room.headSeq - runs * RUN_MESSAGES)
    const loading: RoomTable = { runs: [], table, ready: Promise.resolve() }
    // Messages that come while this reads are added to the same table, and adding one twice does nothing.
    loading.ready = this.#fill(room, loading, runs).catch((error: unknown) => {
      this.#rooms.delete(room.id)
      throw error
    })
    this.#forget(table.bytes + runs * RUN_MESSAGES * 6)
    return loading
  }

  /** How many runs are on the disk, or can be. */
  #runsOf({ id, segments }: RoomState): number {
    const full = segments.length - Number(segments.at(-1)?.count !== SEGMENT_MESSAGES)
    let runs = Math.max(0, Math.floor(full / RUN_SEGMENTS))
    while (runs > 0 && this.#segments.isUnfingerprinted(id, runs * RUN_SEGMENTS)) runs -= 1
    return runs
  }

  async #fill(room: RoomState, into: RoomTable, runs: number): Promise<void> {
    const numbers = Array.from({ length: runs }, (_, index) => index + 1)
    into.runs.push(...(await mapLimited(numbers, READERS, (number) => this.#readRun(room.id, number))))
    const rest = room.segments.slice(runs * RUN_SEGMENTS)
    await mapLimited(rest, READERS, async (entry) => {
      const isWritten = entry.count === SEGMENT_MESSAGES && !this.#segments.isUnfingerprinted(room.id, entry.number)
      const prints = await (isWritten ? this.#read(room.id, entry.number) : this.#make(room.id, entry))
      prints.forEach((print, index) => into.table.add(print, entry.firstSeq + index))
    })
  }

  /** From now on the run has what the table had. */
  #shorten(roomId: string, run: FingerprintRun): void {
    const known = this.#rooms.get(roomId)
    if (!known || run.firstSeq !== known.runs.length * RUN_MESSAGES + 1) return
    known.runs.push(run)
    known.table = known.table.above(run.firstSeq + RUN_MESSAGES - 1)
  }

  async #readRun(roomId: string, number: number): Promise<FingerprintRun> {
    const bytes = await this.#readPrints(this.#layout.run(roomId, number))
    const run = FingerprintRun.fromBytes((number - 1) * RUN_MESSAGES + 1, bytes, RUN_MESSAGES)
    if (run) return run
    const made = await this.#makeRun(roomId, number)
    await this.#writeRun(roomId, made).catch((error: unknown) =>
      this.#log.warn('fingerprints could not be written; they are made again next time', { error })
    )
    return made
  }

  /** @param last those of its last segment, which are not on the disk for sure */
  async #makeRun(roomId: string, number: number, last?: number[]): Promise<FingerprintRun> {
    const first = (number - 1) * RUN_SEGMENTS + 1
    const numbers = Array.from({ length: RUN_SEGMENTS - Number(last !== undefined) }, (_, index) => first + index)
    const prints = await mapLimited(numbers, READERS, (segment) => this.#read(roomId, segment))
    return FingerprintRun.of(firstSeqOf(first), [...prints, last ?? []].flat())
  }

  async #writeRun(roomId: string, run: FingerprintRun): Promise<void> {
    const number = (run.firstSeq - 1) / RUN_MESSAGES + 1
    const document = { roomId, number, fingerprints: run.toBytes().toString('base64') }
    await documentAt<RunDocument>(this.#files, this.#layout.run(roomId, number), document).write()
  }

  /** Of a full segment. */
  async #read(roomId: string, number: number): Promise<number[]> {
    const bytes = await this.#readPrints(this.#layout.fingerprints(roomId, number))
    if (bytes.length === SEGMENT_MESSAGES * 4)
      return Array.from({ length: SEGMENT_MESSAGES }, (_, index) => bytes.readUInt32LE(index * 4))
    return this.#make(roomId, { number, count: SEGMENT_MESSAGES })
  }

  /** Nothing if they are missing or damaged. */
  async #readPrints(path: string): Promise<Buffer> {
    const low = documentAt<FingerprintsDocument | RunDocument | null>(this.#files, path, null)
    try {
      await low.read()
    } catch (error) {
      if (!(error instanceof DamagedFileError)) throw error
      this.#log.warn('fingerprints are damaged; they are made again from their messages', { path: error.path })
    }
    return Buffer.from(low.data?.fingerprints ?? '', 'base64')
  }

  async #make(roomId: string, entry: Pick<SegmentEntry, 'number' | 'count'>): Promise<number[]> {
    const messages = await this.#segments.read(roomId, entry)
    return messages.map(({ id }) => fingerprint(id, this.#key))
  }

  async #write(roomId: string, number: number, prints: number[]): Promise<void> {
    const bytes = Buffer.alloc(prints.length * 4)
    prints.forEach((print, index) => bytes.writeUInt32LE(print, index * 4))
    const document = { roomId, number, fingerprints: bytes.toString('base64') }
    const low = documentAt<FingerprintsDocument>(this.#files, this.#layout.fingerprints(roomId, number), document)
    await low.write()
  }

  #forget(coming: number): void {
    let bytes = coming
    for (const room of this.#rooms.values()) bytes += bytesOf(room)
    for (const [roomId, room] of this.#rooms) {
      if (bytes <= this.#maxBytes) return
      this.#rooms.delete(roomId)
      bytes -= bytesOf(room)
    }
  }
}

function bytesOf({ runs, table }: RoomTable): number {
  return runs.reduce((sum, run) => sum + run.bytes, table.bytes)
}
