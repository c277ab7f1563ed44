// What can be asked of the database, out of memory where it is kept there. Writes nothing.
import type {
  BlockRecord,
  MemberRecord,
  MembershipRecord,
  MessageRecord,
  PreferencesRecord,
  ReactionRecord,
  ReadRecord,
  RoomKind,
  RoomRecord,
  StreamRecord,
  UserRecord
} from '../../../protocol/records.ts'
import type { FormerText } from '../../../protocol/rest.ts'
import { readsStream, roomOfStream, roomStream, userStream, USERS_STREAM } from '../../../protocol/streams.ts'
import type { StreamId } from '../../../protocol/streams.ts'
import { byCodeUnits, inOrderOfMaking } from '../draft.ts'
import type { Account, Avatar, ChangesOptions, ChangesPage, Device, Invite } from '../port.ts'
import type { MessageAt, MessagePage, Reader } from '../port.ts'
import type { Readers } from './connection.ts'
import { keptKey } from './memory.ts'
import type { Memory, StreamState } from './memory.ts'
import * as statements from './statements.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** Above every rev and seq. */
const HIGHEST = Number.MAX_SAFE_INTEGER

type Row<R> = { record: R }

export function messageKey(roomId: string, messageId: string): string {
  return `${roomId} ${messageId}`
}

export class DatabaseReader implements Reader {
  readonly #readers: Readers
  readonly #memory: Memory
  readonly #messages: ReadonlyMap<string, MessageRecord | undefined>

  /** @param messages by `messageKey`: what is known of these, while it cannot change */
  constructor(readers: Readers, memory: Memory, messages: ReadonlyMap<string, MessageRecord | undefined> = new Map()) {
    this.#readers = readers
    this.#memory = memory
    this.#messages = messages
  }

  async stream(stream: StreamId): Promise<StreamState | undefined> {
    return this.#memory.streams.load(stream, async () => {
      type Found = { head: number; head_seq: number; begins: StreamState['begins'] | null }
      const row = await this.#readers.row<Found>(statements.streamState, [stream])
      return row && { head: row.head, headSeq: row.head_seq, begins: row.begins ?? [] }
    })
  }

  async head(stream: StreamId): Promise<number> {
    return (await this.stream(stream))?.head ?? 0
  }

  async headSeq(roomId: string): Promise<number> {
    return (await this.stream(roomStream(roomId)))?.headSeq ?? 0
  }

  async account(username: string): Promise<Account | undefined> {
    return (await this.#readers.row<{ account: Account }>(statements.accountByName, [username]))?.account
  }

  async accountOf(userId: string): Promise<Account | undefined> {
    if (!UUID.test(userId)) return undefined
    return (await this.#readers.row<{ account: Account }>(statements.accountOf, [userId]))?.account
  }

  async user(userId: string): Promise<UserRecord | undefined> {
    return this.#record<UserRecord>(USERS_STREAM, `user:${userId}`)
  }

  async device(deviceId: string): Promise<Device | undefined> {
    if (!UUID.test(deviceId)) return undefined
    return this.#memory.devices.load(
      deviceId,
      async () => (await this.#readers.row<{ device: Device }>(statements.device, [deviceId]))?.device
    )
  }

  async deviceByToken(tokenHash: string): Promise<Device | undefined> {
    const deviceId = await this.#memory.tokens.load(
      tokenHash,
      async () => (await this.#readers.row<{ device: Device }>(statements.deviceByToken, [tokenHash]))?.device.id
    )
    const device = deviceId === undefined ? undefined : await this.device(deviceId)
    return device?.tokenHash === tokenHash ? device : undefined
  }

  async devicesOf(userId: string): Promise<Device[]> {
    if (!UUID.test(userId)) return []
    return (await this.#readers.rows<{ device: Device }>(statements.devicesOf, [userId])).map(({ device }) => device)
  }

  async invite(codeHash: string): Promise<Invite | undefined> {
    return (await this.#readers.row<{ invite: Invite }>(statements.invite, [codeHash]))?.invite
  }

  async invites(): Promise<Invite[]> {
    return inOrderOfMaking(
      (await this.#readers.rows<{ invite: Invite }>(statements.invites, [])).map(({ invite }) => invite)
    )
  }

  async avatar(ownerId: string): Promise<Avatar | undefined> {
    if (!UUID.test(ownerId)) return undefined
    const row = await this.#readers.row<{ hash: string; png: Buffer }>(statements.avatar, [ownerId])
    return row && { ownerId, ...row }
  }

  async rooms(options: { kinds: readonly RoomKind[]; after?: string; limit: number }): Promise<RoomRecord[]> {
    const { kinds, after = '', limit } = options
    const values = [[...new Set(kinds)], roomStream(after), limit]
    return (await this.#readers.rows<Row<RoomRecord>>(statements.rooms, values)).map(({ record }) => record)
  }

  async room(roomId: string): Promise<RoomRecord | undefined> {
    return this.#record<RoomRecord>(roomStream(roomId), `room:${roomId}`)
  }

  async member(roomId: string, userId: string): Promise<MemberRecord | undefined> {
    return this.#record<MemberRecord>(roomStream(roomId), `member:${userId}`)
  }

  async members(roomId: string): Promise<MemberRecord[]> {
    return this.#ofType<MemberRecord>(roomStream(roomId), 'member')
  }

  async memberCount(roomId: string): Promise<number> {
    const count = await this.#memory.memberCounts.load(roomId, async () => {
      return (await this.#readers.row<{ joined: number }>(statements.joinedCount, [roomStream(roomId)]))?.joined
    })
    return count ?? 0
  }

  async memberships(userId: string): Promise<MembershipRecord[]> {
    const kept = await this.#memory.memberships.load(userId, () =>
      this.#ofType<MembershipRecord>(userStream(userId), 'membership')
    )
    return [...(kept ?? [])]
  }

  async membership(userId: string, roomId: string): Promise<MembershipRecord | undefined> {
    return this.#record<MembershipRecord>(userStream(userId), `membership:${roomId}`)
  }

  async block(userId: string, otherId: string): Promise<BlockRecord | undefined> {
    return this.#record<BlockRecord>(userStream(userId), `block:${otherId}`)
  }

  async blockCount(userId: string): Promise<number> {
    const row = await this.#readers.row<{ blocks: number }>(statements.blockCount, [userStream(userId)])
    return row?.blocks ?? 0
  }

  async preferences(userId: string): Promise<PreferencesRecord | undefined> {
    return this.#record<PreferencesRecord>(userStream(userId), 'preferences')
  }

  async message(roomId: string, messageId: string): Promise<MessageRecord | undefined> {
    const key = messageKey(roomId, messageId)
    if (this.#messages.has(key)) return this.#messages.get(key)
    if (!UUID.test(roomId) || !UUID.test(messageId)) return undefined
    return (await this.#readers.row<Row<MessageRecord>>(statements.message, [roomId, messageId]))?.record
  }

  /** As `message`, all in one question; those that do not exist are left out. */
  async messages(ids: readonly MessageAt[]): Promise<MessageRecord[]> {
    const sound = ids.filter(({ roomId, messageId }) => UUID.test(roomId) && UUID.test(messageId))
    if (sound.length === 0) return []
    const values = [sound.map(({ roomId }) => roomId), sound.map(({ messageId }) => messageId)]
    return (await this.#readers.rows<Row<MessageRecord>>(statements.messages, values)).map(({ record }) => record)
  }

  async reactionsBy(roomId: string, messageId: string, userId: string): Promise<ReactionRecord[]> {
    if (![roomId, messageId, userId].every((id) => UUID.test(id))) return []
    const values = [roomId, messageId, userId]
    const rows = await this.#readers.rows<Row<ReactionRecord>>(statements.reactionsBy, values)
    return rows.map(({ record }) => record).toSorted((a, b) => byCodeUnits(a.emoji, b.emoji))
  }

  async edits(roomId: string, messageId: string): Promise<FormerText[]> {
    if (!UUID.test(roomId) || !UUID.test(messageId)) return []
    const rows = await this.#readers.rows<{ body: string; written_at: string }>(statements.edits, [roomId, messageId])
    return rows.map(({ body, written_at: writtenAt }) => ({ body, writtenAt }))
  }

  async read(roomId: string, userId: string): Promise<ReadRecord | undefined> {
    return this.#record<ReadRecord>(readsStream(roomId), `read:${userId}`)
  }

  /** See `Storage.page`: one snapshot. */
  async page(
    roomId: string,
    options: { before?: number; afterSeq?: number; limit: number; maxBytes: number }
  ): Promise<MessagePage> {
    const { before = HIGHEST, afterSeq = 0, limit, maxBytes } = options
    const found: MessagePage = { messages: [], reactions: [], head: 0, headSeq: 0, more: false }
    if (!UUID.test(roomId)) return found
    type Found = { kind: number; place: number; seq: number; record: MessageRecord | ReactionRecord }
    const values = [roomId, roomStream(roomId), before, afterSeq, limit, maxBytes]
    for (const { kind, place, seq, record } of await this.#readers.rows<Found>(statements.page, values)) {
      if (kind === 0) [found.head, found.headSeq] = [place, seq]
      else if (record.type === 'message') found.messages.push(record)
      else found.reactions.push(record)
    }
    found.more = (found.messages[0]?.seq ?? 0) > afterSeq + 1
    return found
  }

  /** See `Storage.changes`: one snapshot. */
  async changes(stream: StreamId, since: number, options: ChangesOptions): Promise<ChangesPage> {
    const standing = await this.head(stream)
    if (since >= standing) return { records: [], through: standing, head: standing, more: false }
    const { heldSeq = HIGHEST, afterSeq = 0, types = null, limit, maxBytes } = options
    const roomId = roomOfStream(stream)
    const common = [stream, since, types, limit, maxBytes]
    type Found = { head: number; found: number | null; record: StreamRecord | null }
    const rows = await (roomId === undefined
      ? this.#readers.rows<Found>(statements.changes, common)
      : this.#readers.rows<Found>(statements.roomChanges, [...common, roomId, afterSeq, heldSeq]))
    const records = rows.flatMap(({ record }) => record ?? [])
    const head = rows[0]?.head ?? standing
    const through = records.length < (rows[0]?.found ?? 0) ? (records.at(-1)?.rev ?? head) : head
    return { records, through, head, more: through < head }
  }

  /** See `Storage.usage`. */
  async usage(): Promise<{ driver: string; bytes: number; users: number; rooms: number }> {
    const row = await this.#readers.row<{ bytes: number; users: number; rooms: number }>(statements.usage, [])
    if (!row) throw new Error('a question without a condition has one row')
    return { driver: 'postgresql', ...row }
  }

  async #record<R extends StreamRecord>(stream: StreamId, key: string): Promise<R | undefined> {
    const kept = await this.#memory.records.load(
      keptKey(stream, key),
      async () => (await this.#readers.row<Row<R>>(statements.record, [stream, key]))?.record
    )
    return kept as R | undefined
  }

  async #ofType<R extends StreamRecord>(stream: StreamId, type: R['type']): Promise<R[]> {
    const rows = await this.#readers.rows<Row<R>>(statements.recordsOfType, [stream, type])
    return rows.map(({ record }) => record)
  }
}
