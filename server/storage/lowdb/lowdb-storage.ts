// The lowdb storage driver: memory in front, the journal before anything is seen, documents behind it. The format and its
// reasons: docs/decisions/0002-lowdb-journal-and-segments.md. Knows no rule about who may do what.
import { ProtocolError } from '../../../protocol/errors.ts'
import { roomOfReads, roomOfStream, userOfStream } from '../../../protocol/streams.ts'
import type { RoomKind, RoomRecord, StreamRecord } from '../../../protocol/records.ts'
import type { StreamId } from '../../../protocol/streams.ts'
import { byCodeUnits, inOrderOfMaking, isEmpty, openDraft } from '../draft.ts'
import type { Staged } from '../draft.ts'
import { DamagedRoomError } from '../port.ts'
import type { ChangesOptions, ChangesPage, Draft, MessagePage, Storage, StreamChange } from '../port.ts'
import type { Avatars } from './avatars.ts'
import { toEntry } from './device-entries.ts'
import type { DiskUsage } from './disk-usage.ts'
import { segmentOf } from './documents.ts'
import { entryToJson } from './entry.ts'
import type { Entry } from './entry.ts'
import { cutChanges, readPage, readRoomChanges, wants } from './history.ts'
import type { Journal } from './journal.ts'
import type { Turns } from './limited.ts'
import type { Unlock } from './lock.ts'
import type { Log } from '../../log.ts'
import type { MessageIndex } from './message-index.ts'
import type { RelayFile } from './relay-file.ts'
import type { Segments } from './segments.ts'
import { inOrder } from './state.ts'
import type { State } from './state.ts'
import { checkIds, holdSegments, takeEntry } from './take.ts'
import type { Trouble } from './trouble.ts'
import type { WriteBack } from './write-back.ts'

/** What `storage.ts` has put together. */
export interface StorageParts {
  relay: RelayFile
  state: State
  segments: Segments
  index: MessageIndex
  avatars: Avatars
  journal: Journal
  writeBack: WriteBack
  turns: Turns
  trouble: Trouble
  usage: DiskUsage
  unlock: Unlock
  log: Log
}

export class LowdbStorage implements Storage {
  readonly relayId: string
  readonly epoch: number
  readonly #parts: StorageParts
  readonly #state: State
  #closing: Promise<void> | undefined

  constructor(parts: StorageParts) {
    this.#parts = parts
    this.#state = parts.state
    this.relayId = parts.relay.data.relayId
    this.epoch = parts.relay.data.epochs.at(-1) ?? 0
  }

  // ── commits ──

  async commit<T>(
    streams: Iterable<StreamId>,
    work: (draft: Draft) => Promise<T>
  ): Promise<{ value: T; changes: StreamChange[] }> {
    const named = [...streams]
    if (this.#parts.writeBack.crowded) await this.#makeRoom()
    if (this.#closing) throw new ProtocolError('relay-stopping', 'the relay is stopping')
    return this.#parts.turns.take(async () => {
      const open = openDraft(this, named)
      const value = await work(open.draft).finally(() => open.finish())
      const staged = open.finish()
      if (!isEmpty(staged)) await this.#store(staged)
      return { value, changes: staged.changes }
    })
  }

  async #makeRoom(): Promise<void> {
    try {
      await this.#parts.writeBack.run()
    } catch (error) {
      this.#parts.trouble.failed(error)
      throw new ProtocolError('storage-unavailable', 'the relay could not store this', { cause: error })
    }
  }

  /** [S1] The journal first; memory, in one go, only when that is on the disk. */
  async #store(staged: Staged): Promise<void> {
    const { segments, writeBack, log } = this.#parts
    const entry: Entry = { epoch: this.epoch, ...staged, removed: this.#removed(staged) }
    try {
      checkIds(entry)
      const held = await holdSegments(segments, entry, this.#state)
      try {
        const { users } = this.#state
        const devices = staged.devices.map((one) => toEntry(one, users.get(one.userId)?.devices.get(one.id)))
        const number = await this.#append(entryToJson({ ...entry, devices }))
        takeEntry(this.#parts, entry, number, held)
        writeBack.applied = number
      } finally {
        for (const segment of held.values()) segments.release(segment)
      }
    } catch (error) {
      if (error instanceof DamagedRoomError) throw error
      // The trouble of the disk is told once, and not for each commit.
      if (this.trouble === undefined) log.error('a commit could not be stored', { error })
      throw new ProtocolError('storage-unavailable', 'the relay could not store this', { cause: error })
    }
    writeBack.due()
  }

  /** What there is of it, and whose the devices were; of a device that comes to another user, the former one's is removed. */
  #removed({ devices, removed }: Staged): Entry['removed'] {
    const { users, deviceById, invites } = this.#state
    const former = (id: string) => {
      const userId = deviceById.get(id)?.userId
      return userId === undefined ? [] : [{ id, userId }]
    }
    const moved = devices.flatMap(({ id, userId }) => former(id).filter((one) => one.userId !== userId))
    return {
      accounts: removed.accounts.filter((userId) => users.get(userId)?.account),
      devices: [...removed.devices.flatMap(former), ...moved],
      invites: removed.invites.filter((codeHash) => invites.invites.has(codeHash))
    }
  }

  async #append(json: string): Promise<number> {
    const { journal, trouble } = this.#parts
    try {
      const number = await journal.append(json)
      trouble.worked()
      return number
    } catch (error) {
      trouble.failed(error)
      throw error
    }
  }

  get trouble(): string | undefined {
    return this.#parts.trouble.reason
  }

  watchTrouble(listener: () => void): () => void {
    return this.#parts.trouble.watch(listener)
  }

  /** Writes the documents that are behind the journal now, instead of a little later. @throws what the file system throws. */
  async writeBack(): Promise<void> {
    await this.#parts.writeBack.all()
  }

  /** Segments that memory holds now, for diagnosis [S16]. */
  get segmentsInMemory(): number {
    return this.#parts.segments.count
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    const { journal, trouble, turns, unlock, writeBack, log } = this.#parts
    trouble.close()
    await turns.take(async () => undefined)
    try {
      await writeBack.finish()
    } catch (error) {
      log.warn('the documents could not be written at the end; the next start takes them from the journal', { error })
    }
    try {
      await journal.close()
    } finally {
      await unlock()
    }
  }

  // ── what is asked ──

  async head(stream: StreamId) {
    return this.#state.streamState(stream).head
  }

  async account(username: string) {
    return this.#state.userByName.get(username)?.account
  }

  async accountOf(userId: string) {
    return this.#state.users.get(userId)?.account
  }

  async user(userId: string) {
    return this.#state.users.get(userId)?.user
  }

  async device(deviceId: string) {
    return this.#state.deviceById.get(deviceId)
  }

  async deviceByToken(tokenHash: string) {
    return this.#state.deviceByToken.get(tokenHash)
  }

  async devicesOf(userId: string) {
    return [...(this.#state.users.get(userId)?.devices.values() ?? [])].toSorted((a, b) => byCodeUnits(a.id, b.id))
  }

  async invite(codeHash: string) {
    return this.#state.invites.invites.get(codeHash)
  }

  async invites() {
    return inOrderOfMaking(this.#state.invites.invites.values())
  }

  async avatar(ownerId: string) {
    return this.#parts.avatars.get(ownerId)
  }

  async rooms(options: { kinds: readonly RoomKind[]; after?: string; limit: number }): Promise<RoomRecord[]> {
    const { kinds, after = '', limit } = options
    return this.#state.roomKinds.above(kinds, after, limit).flatMap((id) => this.#state.rooms.get(id)?.room ?? [])
  }

  async usage() {
    const bytes = await this.#parts.usage.bytes()
    return {
      driver: 'lowdb',
      bytes,
      users: this.#state.userByName.size,
      rooms: this.#state.roomKinds.count(['group', 'open'])
    }
  }

  async room(roomId: string) {
    return this.#state.rooms.get(roomId)?.room
  }

  async headSeq(roomId: string) {
    return this.#state.rooms.get(roomId)?.headSeq ?? 0
  }

  async member(roomId: string, userId: string) {
    return this.#state.rooms.get(roomId)?.members.get(userId)
  }

  async members(roomId: string) {
    return inOrder(this.#state.rooms.get(roomId)?.members.values() ?? [])
  }

  async memberCount(roomId: string) {
    return this.#state.rooms.get(roomId)?.joined ?? 0
  }

  async memberships(userId: string) {
    const all = [...(this.#state.users.get(userId)?.memberships.values() ?? [])]
    return all.toSorted((a, b) => byCodeUnits(a.roomId, b.roomId))
  }

  async membership(userId: string, roomId: string) {
    return this.#state.users.get(userId)?.memberships.get(roomId)
  }

  async block(userId: string, otherId: string) {
    return this.#state.users.get(userId)?.blocks.get(otherId)
  }

  async blockCount(userId: string) {
    return this.#state.users.get(userId)?.blockCount ?? 0
  }

  async preferences(userId: string) {
    return this.#state.users.get(userId)?.preferences
  }

  async message(roomId: string, messageId: string) {
    const room = this.#state.rooms.get(roomId)
    return room && this.#parts.index.find(room, messageId)
  }

  async reactionsBy(roomId: string, messageId: string, userId: string) {
    const room = this.#state.rooms.get(roomId)
    const message = room && (await this.#parts.index.find(room, messageId))
    const entry = message && room.segments[segmentOf(message.seq) - 1]
    if (!entry) return []
    const { reactions } = await this.#parts.segments.open(roomId, entry)
    return reactions.by(messageId, userId).toSorted((a, b) => byCodeUnits(a.emoji, b.emoji))
  }

  async edits(roomId: string, messageId: string) {
    const room = this.#state.rooms.get(roomId)
    const message = room && (await this.#parts.index.find(room, messageId))
    const entry = message && room.segments[segmentOf(message.seq) - 1]
    if (!entry) return []
    const { edits } = await this.#parts.segments.open(roomId, entry)
    return [...(edits.get(messageId)?.texts ?? [])]
  }

  async read(roomId: string, userId: string) {
    return this.#state.reads.get(roomId)?.reads.get(userId)
  }

  async page(
    roomId: string,
    options: { before?: number; afterSeq?: number; limit: number; maxBytes: number }
  ): Promise<MessagePage> {
    const room = this.#state.rooms.get(roomId)
    if (!room) return { messages: [], reactions: [], head: 0, headSeq: 0, more: false }
    return readPage(this.#parts.segments, room, options)
  }

  async changes(stream: StreamId, since: number, options: ChangesOptions): Promise<ChangesPage> {
    const roomId = roomOfStream(stream)
    const { head } = this.#state.streamState(stream)
    if (roomId !== undefined) {
      const room = this.#state.rooms.get(roomId)
      return room ? readRoomChanges(this.#parts.segments, room, since, options) : cutChanges([], head, options)
    }
    // One more than fits tells whether there are more; of those that are left out nobody knows how many there are.
    const limit = options.types ? Infinity : options.limit + 1
    return cutChanges(this.#smallRecords(stream, since, limit).filter(wants(options)), head, options)
  }

  #smallRecords(stream: StreamId, since: number, limit: number): StreamRecord[] {
    const { users, reads, usersByRev } = this.#state
    const [owner, readsOf] = [userOfStream(stream), roomOfReads(stream)]
    if (readsOf !== undefined) return reads.get(readsOf)?.byRev.above(since, limit) ?? []
    return owner === undefined ? usersByRev.above(since, limit) : (users.get(owner)?.byRev.above(since, limit) ?? [])
  }

  async wentBack(stream: StreamId, { epoch, rev }: { epoch: number; rev: number }): Promise<boolean> {
    if (epoch === 0 && rev === 0) return false
    if (!this.#parts.relay.data.epochs.includes(epoch)) return true
    const { head, begins } = this.#state.streamState(stream)
    const next = begins.find((begin) => begin.epoch > epoch)
    return rev > (next?.head ?? head)
  }
}
