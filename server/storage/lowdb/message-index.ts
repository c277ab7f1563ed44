// Finds messages by id at a cost that does not depend on the room's length [S16]: per active room a table of fingerprints in
// memory, read from small files beside the segments. Derived data: what is missing or damaged is made again from the segments.
import type { MessageRecord } from '../../../protocol/records.ts'
import type { Log } from '../../log.ts'
import { DamagedFileError, documentAt } from './atomic-json-file.ts'
import { SEGMENT_MESSAGES, segmentOf } from './documents.ts'
import type { FingerprintsDocument, Layout, SegmentEntry } from './documents.ts'
import type { Files } from './files.ts'
import { fingerprint, SeqTable } from './fingerprints.ts'
import type { Segment, Segments } from './segments.ts'
import type { RoomState } from './state.ts'

interface RoomTable {
  table: SeqTable
  ready: Promise<void>
}

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
    for (const seq of known.table.seqsOf(fingerprint(messageId, this.#key))) {
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

  /** Writes the fingerprints of a full segment; they never change. */
  async writeFingerprints(segment: Segment): Promise<void> {
    const prints = segment.low.data.messages.map(({ id }) => fingerprint(id, this.#key))
    await this.#write(segment.roomId, segment.number, prints)
    segment.fingerprinted = true
  }

  #load(room: RoomState): RoomTable {
    const table = new SeqTable(room.headSeq)
    // Messages that come while this reads are added to the same table, and adding one twice does nothing.
    const ready = this.#fill(room, table).catch((error: unknown) => {
      this.#rooms.delete(room.id)
      throw error
    })
    this.#forget(table.bytes)
    return { table, ready }
  }

  async #fill(room: RoomState, table: SeqTable): Promise<void> {
    for (const entry of room.segments) {
      const isWritten = entry.count === SEGMENT_MESSAGES && !this.#segments.isUnfingerprinted(room.id, entry.number)
      const prints = await (isWritten ? this.#read(room.id, entry) : this.#make(room.id, entry))
      prints.forEach((print, index) => table.add(print, entry.firstSeq + index))
    }
  }

  async #read(roomId: string, entry: SegmentEntry): Promise<number[]> {
    const path = this.#layout.fingerprints(roomId, entry.number)
    const low = documentAt<FingerprintsDocument | null>(this.#files, path, null)
    try {
      await low.read()
    } catch (error) {
      if (!(error instanceof DamagedFileError)) throw error
      this.#log.warn('fingerprints are damaged; they are made again from their segment', { path: error.path })
    }
    const bytes = Buffer.from(low.data?.fingerprints ?? '', 'base64')
    if (bytes.length === SEGMENT_MESSAGES * 4)
      return Array.from({ length: SEGMENT_MESSAGES }, (_, index) => bytes.readUInt32LE(index * 4))
    return this.#make(roomId, entry)
  }

  async #make(roomId: string, entry: SegmentEntry): Promise<number[]> {
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
    for (const { table } of this.#rooms.values()) bytes += table.bytes
    for (const [roomId, { table }] of this.#rooms) {
      if (bytes <= this.#maxBytes) return
      this.#rooms.delete(roomId)
      bytes -= table.bytes
    }
  }
}
