// The storage port: what the relay's domain needs of a storage driver. Knows no rule about who may do what.
// Every driver passes `contract.ts`; drivers are named only where the relay is put together.
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
} from '../../protocol/records.ts'
import type { FormerText } from '../../protocol/rest.ts'
import type { Answer } from '../../protocol/socket.ts'
import type { StreamId } from '../../protocol/streams.ts'

/**
 * What is stored of a room is not what was written: asking again does not help, restoring does. Thrown by reads of what is damaged, and
 * by commits that would write to it, of which nothing is stored then. The message names the place, for the log alone.
 */
export class DamagedRoomError extends Error {
  override readonly name: string = 'DamagedRoomError'
  readonly roomId: string

  constructor(roomId: string, what: string, options?: ErrorOptions) {
    super(what, options)
    this.roomId = roomId
  }
}

/** How a user signs in. Never leaves the relay. */
export interface Account {
  userId: string
  /** As `usernameSchema` made it; unique. */
  username: string
  /** Self-describing: algorithm, cost, salt, hash. */
  passwordHash: string
  /** May not sign in since then. */
  disabledAt?: string
  /** What sets a new password once. */
  reset?: { codeHash: string; expiresAt: string; /** Absent: whoever runs the relay. */ madeBy?: string }
}

/** The picture of a user or a room, as the relay encoded it. */
export interface Avatar {
  /** A user's or a room's id. */
  ownerId: string
  /** As `avatarHashSchema`. */
  hash: string
  /** At most MAX_AVATAR_BYTES or a little more. */
  png: Uint8Array
}

/** One signed-in installation, and what the relay remembers of its operations [S2]. */
export interface Device {
  id: string
  userId: string
  name: string
  /** SHA-256 of the token in hex; null once the session has ended. Unique. */
  tokenHash: string | null
  createdAt: string
  /** Coarse: written at most once an hour. */
  lastUsedAt: string
  /** The highest n that was decided. */
  answered: number
  /** The highest n whose answer the device has stored; answers up to here are forgotten. */
  settled: number
  /** settled + 1 … answered, ascending by n. */
  answers: readonly Answer[]
}

export interface Invite {
  /** To name it by; the code is said once. */
  id: string
  /** SHA-256 of the code in hex; unique. */
  codeHash: string
  /** Null: whoever runs the relay. */
  createdBy: string | null
  uses: number
  usesLeft: number
  /** Rooms that it leads into. */
  roomIds: readonly string[]
  createdAt: string
  expiresAt: string
}

/** A part of a room's history, ascending and contiguous by seq. `head` was read before the messages [SPEC §4]. */
export interface MessagePage {
  messages: MessageRecord[]
  /** Those of the messages here that are set, ascending by rev. They count neither against `limit` nor against `maxBytes`. */
  reactions: ReactionRecord[]
  head: number
  headSeq: number
  /** Whether the room has messages (above `afterSeq`) before the first one here (or before `before`, when none fitted). */
  more: boolean
}

/** The latest state of each record with rev in (since, through], ascending by rev [S7]. */
export interface ChangesPage {
  records: StreamRecord[]
  through: number
  head: number
  more: boolean
}

export interface ChangesOptions {
  /** Leave out messages, and reactions to messages, with a higher seq; their revs still count as covered. */
  heldSeq?: number
  /** Leave out messages, and reactions to messages, with this seq or a lower one; their revs still count as covered. */
  afterSeq?: number
  /** Only these record types; the revs of others still count as covered. */
  types?: readonly StreamRecord['type'][]
  /** At most this many records … */
  limit: number
  /** … and this many bytes of JSON, but at least one record. */
  maxBytes: number
}

/**
 * What can be asked, of the committed state or, inside a commit, of the state that the commit is making. Unknown things are
 * undefined, never thrown. Values are not to be changed by the caller.
 */
export interface Reader {
  /** The highest rev of the stream; 0 for one that does not exist. */
  head(stream: StreamId): Promise<number>
  account(username: string): Promise<Account | undefined>
  accountOf(userId: string): Promise<Account | undefined>
  user(userId: string): Promise<UserRecord | undefined>
  device(deviceId: string): Promise<Device | undefined>
  deviceByToken(tokenHash: string): Promise<Device | undefined>
  devicesOf(userId: string): Promise<Device[]>
  invite(codeHash: string): Promise<Invite | undefined>
  /** All of them, in order of createdAt. Few: MAX_INVITES. */
  invites(): Promise<Invite[]>
  room(roomId: string): Promise<RoomRecord | undefined>
  /** Rooms of these kinds with an id above `after`, in order of id, at most `limit`; the cost does not depend on how many rooms of other kinds there are. */
  rooms(options: { kinds: readonly RoomKind[]; after?: string; limit: number }): Promise<RoomRecord[]>
  avatar(ownerId: string): Promise<Avatar | undefined>
  /** The room's highest seq, 0 for none. */
  headSeq(roomId: string): Promise<number>
  member(roomId: string, userId: string): Promise<MemberRecord | undefined>
  /** All of them, those who left included, in order of userId. */
  members(roomId: string): Promise<MemberRecord[]>
  /** Joined ones only. */
  memberCount(roomId: string): Promise<number>
  memberships(userId: string): Promise<MembershipRecord[]>
  membership(userId: string, roomId: string): Promise<MembershipRecord | undefined>
  /** [S11.8] What a user has said about another. */
  block(userId: string, otherId: string): Promise<BlockRecord | undefined>
  /** How many are set. */
  blockCount(userId: string): Promise<number>
  /** [S14.3] What a user's devices have in common; undefined for who has never changed it. */
  preferences(userId: string): Promise<PreferencesRecord | undefined>
  /** By id, whatever its age; the cost does not depend on the room's length [S16]. */
  message(roomId: string, messageId: string): Promise<MessageRecord | undefined>
  /** This user's reactions to a message, also those that are not set any more, in order of emoji (by code units). */
  reactionsBy(roomId: string, messageId: string, userId: string): Promise<ReactionRecord[]>
  /** [S13.1] The former texts of a message, the oldest first; the cost does not depend on the room's length. */
  edits(roomId: string, messageId: string): Promise<FormerText[]>
  /** In `reads:<roomId>` [S12]. */
  read(roomId: string, userId: string): Promise<ReadRecord | undefined>
}

/** A record before it has a rev (and a message before it has a seq). */
export type Unrevised<R> = R extends StreamRecord ? Omit<R, 'rev'> : never
export type NewMessage = Omit<MessageRecord, 'rev' | 'seq'>

/** A commit in the making. Nothing of it can be seen from outside before it is on the disk [S1]. */
export interface Draft extends Reader {
  /** Makes or replaces a record: it takes the stream's next rev [S3]. Not for new messages. */
  put<R extends StreamRecord>(stream: StreamId, record: Unrevised<R>): Promise<R>
  /** A new message: takes the room's next seq [S4] and rev. */
  append(message: NewMessage): Promise<MessageRecord>
  /**
   * [S13.1] Keeps what a message said before this commit changed it, as the newest of its former texts; beyond MAX_KEPT_EDITS the oldest go.
   * Only of a message that this draft has put: its record and its former texts are stored side by side.
   */
  keepEdit(roomId: string, messageId: string, former: FormerText): void
  /** [S13.1] Erases all former texts of a message that this draft has put. */
  dropEdits(roomId: string, messageId: string): void
  putAccount(account: Account): void
  putDevice(device: Device): void
  putInvite(invite: Invite): void
  /** Replaces the owner's picture; null takes it away. */
  putAvatar(ownerId: string, avatar: Omit<Avatar, 'ownerId'> | null): void
  /** [S11.9] Frees the name. The user record stays as it was put. */
  removeAccount(userId: string): void
  removeDevice(deviceId: string): void
  removeInvite(codeHash: string): void
}

/** What a commit changed in one stream; as it is told [S15]. `records` hold the latest state of each, ascending by rev. */
export interface StreamChange {
  stream: StreamId
  from: number
  through: number
  records: StreamRecord[]
}

export interface MessageAt {
  roomId: string
  messageId: string
}

/** What a commit is going to ask for: a driver may read it at once beforehand. Only time depends on it. */
export interface Foreseen {
  messages: readonly MessageAt[]
}

export interface Storage extends Reader {
  /** Tells this relay from all others; made with the data. */
  readonly relayId: string
  /** This start's number, higher than those of all earlier starts on this data [S10.1]. */
  readonly epoch: number

  /**
   * Runs `work` on a draft and makes what it staged durable, all or nothing, with one flush; then everybody sees it. Commits that
   * share a stream run one after the other. What `work` throws is thrown on and nothing is stored; when storing
   * fails, a `ProtocolError('storage-unavailable')` is thrown and memory is as before [S1]; when it would write to what is damaged, a
   * `DamagedRoomError` is; and if the storage refuses what is in it, which another commit need not suffer from, any other error [S6.3].
   * @param streams every stream that `work` may write to; drivers lock these, sorted.
   */
  commit<T>(
    streams: Iterable<StreamId>,
    work: (draft: Draft) => Promise<T>,
    foreseen?: Foreseen
  ): Promise<{ value: T; changes: StreamChange[] }>

  /**
   * For drivers whose storage may be cut off from the relay: `listener` hears what turned out to be stored after `commit` had said
   * `storage-unavailable`, before any later commit. (Who repeats such an operation gets its remembered answer [S2.1].)
   */
  whenFoundStored?(listener: (changes: StreamChange[]) => void): void

  /**
   * The newest messages with afterSeq < seq < before (all, without these), at most `limit` and `maxBytes` of JSON, at
   * least one if there is one.
   */
  page(
    roomId: string,
    options: { before?: number; afterSeq?: number; limit: number; maxBytes: number }
  ): Promise<MessagePage>

  /** [S7] Bounded; `more` says that through < head. Cost is bounded by the answer, not by the history [S16]. */
  changes(stream: StreamId, since: number, options: ChangesOptions): Promise<ChangesPage>

  /** [S10.2] Whether a checkpoint (epoch, rev) lies beyond what this data ever served. (0, 0) never does. */
  wentBack(stream: StreamId, checkpoint: { epoch: number; rev: number }): Promise<boolean>

  /**
   * For the owner of the relay. `bytes` on disk, null where the driver cannot tell; coarse, and not to be asked for often. `users` who have an
   * account; `rooms` of kinds group and open: what is said between some is not the owner's to count [S11.5].
   */
  usage(): Promise<{ driver: string; bytes: number | null; users: number; rooms: number }>

  /** Why nothing can be stored now, for whoever runs the relay; undefined while commits succeed, as far as is known. Ends by itself. */
  readonly trouble: string | undefined

  /** Calls `listener` whenever `trouble` changed. @returns ends that */
  watchTrouble(listener: () => void): () => void

  /** Flushes and lets go of the data. Commits after this are refused with `relay-stopping`. */
  close(): Promise<void>
}
