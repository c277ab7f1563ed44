// A commit in the making: what `work` staged, laid over the committed state. Shared by the drivers, which supply the
// committed reads and write what was staged. Knows no driver and no rule about who may do what.
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
  StreamRecord
} from '../../protocol/records.ts'
import { MAX_KEPT_EDITS } from '../../protocol/limits.ts'
import type { FormerText } from '../../protocol/rest.ts'
import { recordKey } from '../../protocol/records.ts'
import { readsStream, roomOfStream, roomStream, userStream, USERS_STREAM } from '../../protocol/streams.ts'
import type { StreamId } from '../../protocol/streams.ts'
import type { Account, Avatar, Device, Draft, Invite, NewMessage, Reader, StreamChange, Unrevised } from './port.ts'

/** What a commit takes away. Done before what it puts: a name that is freed may be taken in the same commit. */
export interface Removed {
  /** By user. */
  accounts: string[]
  devices: string[]
  /** By `codeHash`. */
  invites: string[]
}

/** [S13.1] What becomes of the former texts of one message, whose record is in the same commit. */
export interface EditsChange {
  roomId: string
  messageId: string
  /** The message's. */
  seq: number
  /** Whether those that there were are erased, before any is kept. */
  dropped: boolean
  /** In the order in which they were written. */
  kept: FormerText[]
}

/** What a commit is to store: the latest state of everything that `work` made, replaced or removed. */
export interface Staged {
  /** Streams with at least one change, in the order in which they were first written. */
  changes: StreamChange[]
  edits: EditsChange[]
  accounts: Account[]
  devices: Device[]
  invites: Invite[]
  /** Null: taken away. */
  avatars: { ownerId: string; avatar: Avatar | null }[]
  removed: Removed
}

/** A draft with its end: `finish` gives what was staged and closes the draft; writes after it throw. */
export interface OpenDraft {
  draft: Draft
  finish(): Staged
}

/** One stream as the commit will leave it. */
interface StagedStream {
  from: number
  through: number
  headSeq: number
  records: Map<string, StreamRecord>
}

/**
 * Opens a draft over `committed`, which must not change until `finish` is called.
 * @param streams the streams that may be written to; any other throws, as does a record in a stream that is not its own.
 */
export function openDraft(committed: Reader, streams: Iterable<StreamId>): OpenDraft {
  const draft = new StagedDraft(committed, new Set(streams))
  return { draft, finish: () => draft.finish() }
}

export function isEmpty({ changes, edits, accounts, devices, invites, avatars, removed }: Staged): boolean {
  const lists = [changes, edits, accounts, devices, invites, avatars, ...Object.values(removed)]
  return lists.every((list) => list.length === 0)
}

class StagedDraft implements Draft {
  readonly #committed: Reader
  readonly #allowed: ReadonlySet<StreamId>
  /** Opened once per stream, also when `work` writes to it several times at once. */
  readonly #opening = new Map<StreamId, Promise<StagedStream>>()
  readonly #streams = new Map<StreamId, StagedStream>()
  /** By message record key with its room. */
  readonly #edits = new Map<string, EditsChange>()
  /** Undefined: removed. */
  readonly #accounts = new Map<string, Account | undefined>()
  readonly #devices = new Map<string, Device | undefined>()
  readonly #invites = new Map<string, Invite | undefined>()
  readonly #avatars = new Map<string, Avatar | undefined>()
  #finished = false

  constructor(committed: Reader, allowed: ReadonlySet<StreamId>) {
    this.#committed = committed
    this.#allowed = allowed
  }

  // ── reads ──

  async head(stream: StreamId) {
    return this.#streams.get(stream)?.through ?? this.#committed.head(stream)
  }

  async account(username: string) {
    for (const account of this.#accounts.values()) if (account?.username === username) return account
    const found = await this.#committed.account(username)
    return found && this.#accounts.has(found.userId) ? undefined : found
  }

  async accountOf(userId: string) {
    return this.#accounts.has(userId) ? this.#accounts.get(userId) : this.#committed.accountOf(userId)
  }

  async user(userId: string) {
    const staged = this.#staged(USERS_STREAM, `user:${userId}`)
    return staged?.type === 'user' ? staged : this.#committed.user(userId)
  }

  async device(deviceId: string) {
    return this.#devices.has(deviceId) ? this.#devices.get(deviceId) : this.#committed.device(deviceId)
  }

  async deviceByToken(tokenHash: string) {
    for (const device of this.#devices.values()) if (device?.tokenHash === tokenHash) return device
    const found = await this.#committed.deviceByToken(tokenHash)
    return found && this.#devices.has(found.id) ? undefined : found
  }

  async devicesOf(userId: string) {
    const all = new Map((await this.#committed.devicesOf(userId)).map((device) => [device.id, device]))
    for (const [id, device] of this.#devices) {
      if (device?.userId === userId) all.set(id, device)
      else all.delete(id)
    }
    return [...all.values()].toSorted((a, b) => byCodeUnits(a.id, b.id))
  }

  async invite(codeHash: string) {
    return this.#invites.has(codeHash) ? this.#invites.get(codeHash) : this.#committed.invite(codeHash)
  }

  async invites(): Promise<Invite[]> {
    const all = new Map((await this.#committed.invites()).map((invite) => [invite.codeHash, invite]))
    for (const [codeHash, invite] of this.#invites) {
      if (invite) all.set(codeHash, invite)
      else all.delete(codeHash)
    }
    return inOrderOfMaking(all.values())
  }

  async avatar(ownerId: string): Promise<Avatar | undefined> {
    return this.#avatars.has(ownerId) ? this.#avatars.get(ownerId) : this.#committed.avatar(ownerId)
  }

  async room(roomId: string): Promise<RoomRecord | undefined> {
    const staged = this.#staged(roomStream(roomId), `room:${roomId}`)
    return staged?.type === 'room' ? staged : this.#committed.room(roomId)
  }

  async rooms(options: { kinds: readonly RoomKind[]; after?: string; limit: number }): Promise<RoomRecord[]> {
    const { kinds, after = '', limit } = options
    const staged = new Map<string, RoomRecord>()
    for (const { records } of this.#streams.values())
      for (const record of records.values()) if (record.type === 'room') staged.set(record.id, record)
    const committed = await this.#committed.rooms({ ...options, limit: limit + staged.size })
    const all = committed.filter(({ id }) => !staged.has(id))
    for (const room of staged.values()) if (room.id > after && kinds.includes(room.kind)) all.push(room)
    return all.toSorted((a, b) => byCodeUnits(a.id, b.id)).slice(0, limit)
  }

  async headSeq(roomId: string) {
    return this.#streams.get(roomStream(roomId))?.headSeq ?? this.#committed.headSeq(roomId)
  }

  async member(roomId: string, userId: string): Promise<MemberRecord | undefined> {
    const staged = this.#staged(roomStream(roomId), `member:${userId}`)
    return staged?.type === 'member' ? staged : this.#committed.member(roomId, userId)
  }

  async members(roomId: string): Promise<MemberRecord[]> {
    const all = new Map((await this.#committed.members(roomId)).map((member) => [member.userId, member]))
    for (const record of this.#records(roomStream(roomId))) if (record.type === 'member') all.set(record.userId, record)
    return [...all.values()].toSorted((a, b) => byCodeUnits(a.userId, b.userId))
  }

  async memberCount(roomId: string) {
    let count = await this.#committed.memberCount(roomId)
    for (const record of this.#records(roomStream(roomId))) {
      if (record.type !== 'member') continue
      const before = await this.#committed.member(roomId, record.userId)
      count += Number(record.state === 'joined') - Number(before?.state === 'joined')
    }
    return count
  }

  async memberships(userId: string): Promise<MembershipRecord[]> {
    const all = new Map((await this.#committed.memberships(userId)).map((one) => [one.roomId, one]))
    for (const record of this.#records(userStream(userId)))
      if (record.type === 'membership') all.set(record.roomId, record)
    return [...all.values()].toSorted((a, b) => byCodeUnits(a.roomId, b.roomId))
  }

  async membership(userId: string, roomId: string): Promise<MembershipRecord | undefined> {
    const staged = this.#staged(userStream(userId), `membership:${roomId}`)
    return staged?.type === 'membership' ? staged : this.#committed.membership(userId, roomId)
  }

  async block(userId: string, otherId: string): Promise<BlockRecord | undefined> {
    const staged = this.#staged(userStream(userId), `block:${otherId}`)
    return staged?.type === 'block' ? staged : this.#committed.block(userId, otherId)
  }

  async blockCount(userId: string) {
    let count = await this.#committed.blockCount(userId)
    for (const record of this.#records(userStream(userId))) {
      if (record.type !== 'block') continue
      const before = await this.#committed.block(userId, record.userId)
      count += Number(record.set) - Number(before?.set ?? false)
    }
    return count
  }

  async preferences(userId: string): Promise<PreferencesRecord | undefined> {
    const staged = this.#staged(userStream(userId), 'preferences')
    return staged?.type === 'preferences' ? staged : this.#committed.preferences(userId)
  }

  async message(roomId: string, messageId: string): Promise<MessageRecord | undefined> {
    const staged = this.#staged(roomStream(roomId), `message:${messageId}`)
    return staged?.type === 'message' ? staged : this.#committed.message(roomId, messageId)
  }

  async reactionsBy(roomId: string, messageId: string, userId: string): Promise<ReactionRecord[]> {
    const committed = await this.#committed.reactionsBy(roomId, messageId, userId)
    const all = new Map(committed.map((reaction) => [reaction.emoji, reaction]))
    for (const record of this.#records(roomStream(roomId)))
      if (record.type === 'reaction' && record.messageId === messageId && record.userId === userId)
        all.set(record.emoji, record)
    return [...all.values()].toSorted((a, b) => byCodeUnits(a.emoji, b.emoji))
  }

  async edits(roomId: string, messageId: string): Promise<FormerText[]> {
    const { dropped = false, kept = [] } = this.#edits.get(`${roomId} ${messageId}`) ?? {}
    const standing = dropped ? [] : await this.#committed.edits(roomId, messageId)
    return [...standing, ...kept].slice(-MAX_KEPT_EDITS)
  }

  async read(roomId: string, userId: string): Promise<ReadRecord | undefined> {
    const staged = this.#staged(readsStream(roomId), `read:${userId}`)
    return staged?.type === 'read' ? staged : this.#committed.read(roomId, userId)
  }

  // ── writes ──

  async put<R extends StreamRecord>(stream: StreamId, record: Unrevised<R>): Promise<R> {
    const given = record as unknown as StreamRecord
    this.#check(stream, given)
    if (given.type === 'message') {
      const standing = await this.message(given.roomId, given.id)
      if (standing?.seq !== given.seq) throw new Error(`put changes a message; ${given.id} is new or has another seq`)
    }
    if (given.type === 'reaction') {
      const message = await this.message(given.roomId, given.messageId)
      if (message?.seq !== given.seq) throw new Error(`there is no message ${given.messageId} with seq ${given.seq}`)
    }
    const open = await this.#open(stream)
    return this.#stage(open, given) as R
  }

  async append(message: NewMessage): Promise<MessageRecord> {
    const stream = roomStream(message.roomId)
    this.#check(stream, message as MessageRecord)
    const standing = await this.message(message.roomId, message.id)
    const open = await this.#open(stream)
    if (standing || open.records.has(`message:${message.id}`))
      throw new Error(`message ${message.id} exists already in room ${message.roomId}`)
    open.headSeq += 1
    return this.#stage(open, { ...message, seq: open.headSeq } as MessageRecord) as MessageRecord
  }

  keepEdit(roomId: string, messageId: string, former: FormerText): void {
    const { seq, dropped, kept } = this.#editsOf(roomId, messageId)
    const texts = [...kept, Object.freeze({ ...former })].slice(-MAX_KEPT_EDITS)
    this.#edits.set(`${roomId} ${messageId}`, { roomId, messageId, seq, dropped, kept: texts })
  }

  dropEdits(roomId: string, messageId: string): void {
    const { seq } = this.#editsOf(roomId, messageId)
    this.#edits.set(`${roomId} ${messageId}`, { roomId, messageId, seq, dropped: true, kept: [] })
  }

  #editsOf(roomId: string, messageId: string): EditsChange {
    this.#checkOpen()
    const message = this.#staged(roomStream(roomId), `message:${messageId}`)
    if (message?.type !== 'message') throw new Error(`this commit does not put the message ${messageId}`)
    const known = this.#edits.get(`${roomId} ${messageId}`)
    return known ?? { roomId, messageId, seq: message.seq, dropped: false, kept: [] }
  }

  putAccount(account: Account): void {
    this.#checkOpen()
    this.#accounts.set(account.userId, Object.freeze({ ...account }))
  }

  putDevice(device: Device): void {
    this.#checkOpen()
    this.#devices.set(device.id, Object.freeze({ ...device }))
  }

  putInvite(invite: Invite): void {
    this.#checkOpen()
    this.#invites.set(invite.codeHash, Object.freeze({ ...invite }))
  }

  putAvatar(ownerId: string, avatar: Omit<Avatar, 'ownerId'> | null): void {
    this.#checkOpen()
    this.#avatars.set(ownerId, avatar ? Object.freeze({ ownerId, hash: avatar.hash, png: avatar.png }) : undefined)
  }

  removeAccount(userId: string): void {
    this.#checkOpen()
    this.#accounts.set(userId, undefined)
  }

  removeDevice(deviceId: string): void {
    this.#checkOpen()
    this.#devices.set(deviceId, undefined)
  }

  removeInvite(codeHash: string): void {
    this.#checkOpen()
    this.#invites.set(codeHash, undefined)
  }

  finish(): Staged {
    this.#finished = true
    const changes: StreamChange[] = []
    for (const [stream, { from, through, records }] of this.#streams) {
      // A record that changed twice was put in again at its end: the map's order is the order of revs.
      if (through > from) changes.push({ stream, from, through, records: [...records.values()] })
    }
    return {
      changes,
      edits: [...this.#edits.values()],
      accounts: putIn(this.#accounts),
      devices: putIn(this.#devices),
      invites: putIn(this.#invites),
      avatars: [...this.#avatars].map(([ownerId, avatar = null]) => ({ ownerId, avatar })),
      removed: {
        accounts: removedIn(this.#accounts),
        devices: removedIn(this.#devices),
        invites: removedIn(this.#invites)
      }
    }
  }

  #staged(stream: StreamId, key: string): StreamRecord | undefined {
    return this.#streams.get(stream)?.records.get(key)
  }

  #records(stream: StreamId): StreamRecord[] {
    return [...(this.#streams.get(stream)?.records.values() ?? [])]
  }

  #open(stream: StreamId): Promise<StagedStream> {
    const opening = this.#opening.get(stream)
    if (opening) return opening
    const made = this.#openNew(stream)
    this.#opening.set(stream, made)
    return made
  }

  async #openNew(stream: StreamId): Promise<StagedStream> {
    const roomId = roomOfStream(stream)
    const head = await this.#committed.head(stream)
    const headSeq = roomId === undefined ? 0 : await this.#committed.headSeq(roomId)
    const opened = { from: head, through: head, headSeq, records: new Map<string, StreamRecord>() }
    this.#streams.set(stream, opened)
    return opened
  }

  /** Gives the next rev [S3]. Nothing is awaited in here, so that no two changes can get the same one. */
  #stage(open: StagedStream, record: StreamRecord): StreamRecord {
    this.#checkOpen()
    open.through += 1
    const revised = Object.freeze({ ...record, rev: open.through })
    const key = recordKey(revised)
    open.records.delete(key)
    open.records.set(key, revised)
    return revised
  }

  #check(stream: StreamId, record: StreamRecord): void {
    this.#checkOpen()
    if (!this.#allowed.has(stream)) throw new Error(`this commit did not name the stream ${stream}`)
    if (!belongs(stream, record)) throw new Error(`a ${record.type} record does not belong into the stream ${stream}`)
  }

  #checkOpen(): void {
    if (this.#finished) throw new Error('this draft is finished: all writes of a commit have to be awaited in it')
  }
}

function belongs(stream: StreamId, record: StreamRecord): boolean {
  switch (record.type) {
    case 'user':
      return stream === USERS_STREAM
    case 'membership':
    case 'block':
    case 'preferences':
      return stream.startsWith('user:')
    case 'room':
      return stream === roomStream(record.id)
    case 'member':
    case 'message':
    case 'reaction':
      return stream === roomStream(record.roomId)
    case 'read':
      return stream === readsStream(record.roomId)
  }
}

function putIn<T>(staged: ReadonlyMap<string, T | undefined>): T[] {
  return [...staged.values()].filter((value) => value !== undefined)
}

function removedIn(staged: ReadonlyMap<string, unknown>): string[] {
  return [...staged].filter(([, value]) => value === undefined).map(([key]) => key)
}

/** The order of ids everywhere in storage: by code units, which for UUIDs is that of their bytes. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** By createdAt; those of one moment by their hash. */
export function inOrderOfMaking(invites: Iterable<Invite>): Invite[] {
  return [...invites].toSorted((a, b) => byCodeUnits(a.createdAt, b.createdAt) || byCodeUnits(a.codeHash, b.codeHash))
}
