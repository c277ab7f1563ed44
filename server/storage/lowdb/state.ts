// What the relay's memory holds of its data: everything but the messages and what hangs on them. Takes journal entries, gives documents; reads and
// writes no file.
import type { MemberRecord, ReadRecord, RoomRecord, StreamRecord, UserRecord } from '../../../protocol/records.ts'
import { roomOfReads, roomOfStream, userOfStream, USERS_STREAM } from '../../../protocol/streams.ts'
import type { StreamId } from '../../../protocol/streams.ts'
import { byCodeUnits } from '../draft.ts'
import type { Account, Device, Invite, StreamChange } from '../port.ts'
import { recordBegin } from './begins.ts'
import type { Begin, InvitesDocument, ReadsDocument, RoomDocument, SegmentEntry } from './documents.ts'
import { runOf } from './documents.ts'
import { fromEntry } from './device-entries.ts'
import type { DeviceEntry } from './device-entries.ts'
import { LateState } from './late-changes.ts'
import { inviteOf } from '../older-invites.ts'
import { RevList } from './rev-list.ts'
import { RoomKinds } from './room-kinds.ts'
import { UserState } from './user-state.ts'

/** A room without its messages: one file. */
export class RoomState {
  readonly id: string
  readonly covers: number
  room: RoomRecord | undefined
  head: number
  headSeq: number
  readonly begins: Begin[]
  /** By number − 1. */
  readonly segments: SegmentEntry[]
  /** By number; those that there are. */
  readonly late = new Map<number, LateState>()
  readonly members: Map<string, MemberRecord>
  readonly byRev: RevList<RoomRecord | MemberRecord>
  joined: number

  constructor(id: string, document?: RoomDocument) {
    this.id = id
    this.covers = document?.covers ?? 0
    this.room = document?.room ?? undefined
    this.head = document?.head ?? 0
    this.headSeq = document?.headSeq ?? 0
    this.begins = document?.begins ?? []
    this.segments = document?.segments ?? []
    this.members = new Map(document?.members.map((member) => [member.userId, member]))
    this.byRev = new RevList([...(this.room ? [this.room] : []), ...this.members.values()])
    this.joined = [...this.members.values()].filter(({ state }) => state === 'joined').length
  }

  toDocument(covers: number): RoomDocument {
    const { room = null, head, headSeq, begins, segments } = this
    const late = [...this.late.keys()].toSorted((a, b) => a - b)
    return { covers, room, head, headSeq, begins, segments, late, members: [...this.members.values()] }
  }

  /** All but the messages and reactions, which go into their segments first; `segments` is brought up to date by `index`. */
  take({ from, through, records }: StreamChange, epoch: number): void {
    recordBegin(this.begins, epoch, from)
    this.head = through
    for (const record of records) {
      if (record.type === 'room') {
        this.byRev.put(record, this.room)
        this.room = record
      } else if (record.type === 'member') {
        const former = this.members.get(record.userId)
        this.byRev.put(record, former)
        this.members.set(record.userId, record)
        this.joined += Number(record.state === 'joined') - Number(former?.state === 'joined')
      } else if (record.type === 'message') {
        this.headSeq = Math.max(this.headSeq, record.seq)
      }
    }
  }

  index(entry: SegmentEntry): void {
    this.segments[entry.number - 1] = entry
  }

  lateState(segment: number): LateState {
    const number = runOf(segment)
    const known = this.late.get(number)
    if (known) return known
    const made = new LateState(this.id, number)
    this.late.set(number, made)
    return made
  }
}

/** How far the members of a room have read: one file. */
export class ReadsState {
  readonly roomId: string
  readonly covers: number
  head: number
  readonly begins: Begin[]
  readonly reads: Map<string, ReadRecord>
  readonly byRev: RevList<ReadRecord>

  constructor(roomId: string, document?: ReadsDocument) {
    this.roomId = roomId
    this.covers = document?.covers ?? 0
    this.head = document?.head ?? 0
    this.begins = document?.begins ?? []
    this.reads = new Map(document?.reads.map((read) => [read.userId, read]))
    this.byRev = new RevList(this.reads.values())
  }

  toDocument(covers: number): ReadsDocument {
    return { covers, head: this.head, begins: this.begins, reads: [...this.reads.values()] }
  }

  take({ from, through, records }: StreamChange, epoch: number): void {
    recordBegin(this.begins, epoch, from)
    this.head = through
    for (const record of records) {
      if (record.type !== 'read') continue
      this.byRev.put(record, this.reads.get(record.userId))
      this.reads.set(record.userId, record)
    }
  }
}

export class InvitesState {
  readonly covers: number
  /** The same of the file as it was written last. */
  written: number
  readonly invites: Map<string, Invite>

  constructor(document?: InvitesDocument) {
    this.covers = document?.covers ?? 0
    this.written = this.covers
    this.invites = new Map(document?.invites.map(inviteOf).map((invite) => [invite.codeHash, invite]))
  }

  toDocument(covers: number): InvitesDocument {
    return { covers, invites: [...this.invites.values()] }
  }
}

/** Everything that can be told of without reading a segment. */
export class State {
  readonly users = new Map<string, UserState>()
  readonly rooms = new Map<string, RoomState>()
  readonly reads = new Map<string, ReadsState>()
  readonly userByName = new Map<string, UserState>()
  readonly deviceByToken = new Map<string, Device>()
  readonly deviceById = new Map<string, Device>()
  readonly usersBegins: Begin[]
  /** Set once, when all users have been added. */
  usersByRev = new RevList<UserRecord>()
  usersHead = 0
  invites = new InvitesState()
  /** Set once, when all rooms have been added. */
  roomKinds = new RoomKinds()
  /** How many rooms have reads. */
  readsCount = 0

  constructor(usersBegins: Begin[]) {
    this.usersBegins = usersBegins
  }

  /** Takes what was read from the files. */
  restore(parts: { users: UserState[]; rooms: RoomState[]; reads: ReadsState[]; invites: InvitesState }): void {
    this.invites = parts.invites
    for (const room of parts.rooms) this.rooms.set(room.id, room)
    for (const reads of parts.reads) this.reads.set(reads.roomId, reads)
    for (const user of parts.users) this.users.set(user.id, user)
    this.index()
    this.roomKinds = new RoomKinds(parts.rooms.flatMap(({ room }) => room ?? []))
    this.readsCount = parts.reads.filter(({ head }) => head > 0).length
    this.usersByRev = new RevList(parts.users.flatMap(({ user }) => (user ? [user] : [])))
    this.usersHead = this.usersByRev.head
  }

  /**
   * Finds users by name and devices anew. To be called after a replay too: files are not of one moment, so two may have claimed a name or a
   * device that one of them had already given up.
   */
  index(): void {
    this.userByName.clear()
    this.deviceById.clear()
    this.deviceByToken.clear()
    for (const user of this.users.values()) {
      if (user.account) this.userByName.set(user.account.username, user)
      for (const device of user.devices.values()) this.#indexDevice(device)
    }
  }

  userState(userId: string): UserState {
    const known = this.users.get(userId)
    if (known) return known
    const made = new UserState(userId)
    this.users.set(userId, made)
    return made
  }

  roomState(roomId: string): RoomState {
    const known = this.rooms.get(roomId)
    if (known) return known
    const made = new RoomState(roomId)
    this.rooms.set(roomId, made)
    return made
  }

  readsState(roomId: string): ReadsState {
    const known = this.reads.get(roomId)
    if (known) return known
    const made = new ReadsState(roomId)
    this.reads.set(roomId, made)
    return made
  }

  /** The stream's head and where its later epochs began. */
  streamState(stream: StreamId): { head: number; begins: readonly Begin[] } {
    if (stream === USERS_STREAM) return { head: this.usersHead, begins: this.usersBegins }
    const state =
      this.rooms.get(roomOfStream(stream) ?? '') ??
      this.reads.get(roomOfReads(stream) ?? '') ??
      this.users.get(userOfStream(stream) ?? '')
    return state ?? { head: 0, begins: [] }
  }

  /** [S3] The changes of `users` and `user:` streams. @returns whose files are now behind, or may be: a file
   * that was read has its bytes on the disk, but perhaps not its name, if the process that wrote it was killed. */
  takeUsers(change: StreamChange, epoch: number, isNew: (covers: number) => boolean): UserState[] {
    const owner = userOfStream(change.stream)
    if (owner !== undefined) {
      const user = this.userState(owner)
      if (isNew(user.covers)) user.take(change, epoch)
      return [user]
    }
    recordBegin(this.usersBegins, epoch, change.from)
    this.usersHead = Math.max(this.usersHead, change.through)
    return change.records.flatMap((record: StreamRecord) => {
      if (record.type !== 'user') return []
      const user = this.userState(record.id)
      if (isNew(user.covers)) {
        this.usersByRev.put(record, user.user)
        user.user = record
      }
      return [user]
    })
  }

  /** All of a room but its messages and reactions. @returns what is behind now, or may be */
  takeRoom(roomId: string, change: StreamChange, epoch: number, isNew: (covers: number) => boolean): RoomState {
    const room = this.roomState(roomId)
    if (!isNew(room.covers)) return room
    const former = room.room
    room.take(change, epoch)
    if (room.room) this.roomKinds.put(room.room, former)
    return room
  }

  /** The same of how far its members have read. */
  takeReads(roomId: string, change: StreamChange, epoch: number, isNew: (covers: number) => boolean): ReadsState {
    const reads = this.readsState(roomId)
    if (!isNew(reads.covers)) return reads
    if (reads.head === 0) this.readsCount += 1
    reads.take(change, epoch)
    return reads
  }

  takeAccount(account: Account): void {
    const user = this.userState(account.userId)
    if (user.account && this.userByName.get(user.account.username) === user)
      this.userByName.delete(user.account.username)
    user.account = account
    this.userByName.set(account.username, user)
  }

  takeDevice(entry: DeviceEntry): void {
    const { devices } = this.userState(entry.userId)
    const former = devices.get(entry.id)
    const device = fromEntry(entry, former)
    devices.set(device.id, device)
    if (former) this.#forgetToken(former)
    this.#indexDevice(device)
  }

  removeAccount(user: UserState): void {
    const { account } = user
    user.account = undefined
    if (account && this.userByName.get(account.username) === user) this.userByName.delete(account.username)
  }

  removeDevice(user: UserState, deviceId: string): void {
    const device = user.devices.get(deviceId)
    if (!device) return
    user.devices.delete(deviceId)
    if (this.deviceById.get(deviceId)?.userId === user.id) this.deviceById.delete(deviceId)
    this.#forgetToken(device)
  }

  #forgetToken({ id, tokenHash }: Device): void {
    if (tokenHash !== null && this.deviceByToken.get(tokenHash)?.id === id) this.deviceByToken.delete(tokenHash)
  }

  #indexDevice(device: Device): void {
    this.deviceById.set(device.id, device)
    if (device.tokenHash !== null) this.deviceByToken.set(device.tokenHash, device)
  }
}

/** By userId. */
export function inOrder(members: Iterable<MemberRecord>): MemberRecord[] {
  return [...members].toSorted((a, b) => byCodeUnits(a.userId, b.userId))
}
