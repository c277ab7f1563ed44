// What the files of the data directory hold, and where they lie. Reads and writes nothing.
import { join } from 'node:path'
import type {
  BlockRecord,
  MemberRecord,
  MembershipRecord,
  MessageRecord,
  PreferencesRecord,
  ReactionRecord,
  ReadRecord,
  RoomRecord,
  UserRecord
} from '../../../protocol/records.ts'
import type { FormerText } from '../../../protocol/rest.ts'
import type { Account, Device } from '../port.ts'
import type { WrittenInvite } from '../older-invites.ts'

/**
 * The shape of everything below; a data directory of a higher one is not touched. A lower one is read as it is and is of this one from
 * then on: 1 had no reactions and no reads, 1 and 2 no blocks, no preferences, no pictures and nothing that was removed, which are absent from their documents.
 */
export const FORMAT = 3

/** Messages of one segment. Seq s lies in segment ⌊(s − 1) / 500⌋ + 1. Part of the format. */
export const SEGMENT_MESSAGES = 500

/** [S10.1] The head of a stream when its first change in `epoch` was made. */
export interface Begin {
  epoch: number
  head: number
}

/** Every document but relay.json says which journal entries it includes: all up to the number `covers`. */
interface Covering {
  covers: number
}

export interface RelayDocument {
  format: number
  relayId: string
  /** Secret, for the fingerprints of message ids. */
  fingerprintKey: [number, number]
  /** All starts on this data, ascending [S10.1]. */
  epochs: number[]
  /** Journal entries up to here are in the documents, all of them. */
  writtenThrough: number
  /** The number of a journal file that is there, with no commit missing: the newest, but for one that is being begun. Absent in format 1. */
  journal?: number
  /** How many there were then, or a little later. Absent in format 1. */
  users?: number
  rooms?: number
  /** How many rooms had reads then. Absent in formats 1 and 2. */
  reads?: number
  /** `covers` of invites.json then; 0: there was none. Absent in formats 1 and 2. */
  invites?: number
  /** Of the stream `users`, as of `writtenThrough` or later. */
  usersBegins: Begin[]
}

export interface UserDocument extends Covering {
  user: UserRecord | null
  account: Account | null
  /** Of the stream `user:<id>`. */
  head: number
  begins: Begin[]
  devices: Device[]
  memberships: MembershipRecord[]
  /** Absent in formats 1 and 2. */
  blocks?: BlockRecord[]
  /** Absent in formats 1 and 2, and where nothing was preferred. */
  preferences?: PreferencesRecord
}

export interface InvitesDocument extends Covering {
  invites: WrittenInvite[]
}

/** What is known of a segment without reading it. */
export interface SegmentEntry {
  number: number
  firstSeq: number
  count: number
  /** Of the versions that its messages and reactions have now; of reactions, those that they had may count. */
  minRev: number
  maxRev: number
  /** The rev that the last message had when it was appended, or a lower one. Absent in format 1. */
  appended?: number
}

export interface RoomDocument extends Covering {
  room: RoomRecord | null
  head: number
  headSeq: number
  begins: Begin[]
  segments: SegmentEntry[]
  /** The numbers of the documents of late changes that there are. */
  late?: number[]
  members: MemberRecord[]
}

export interface SegmentDocument extends Covering {
  roomId: string
  number: number
  firstSeq: number
  messages: MessageRecord[]
  /** To these messages; absent in format 1. */
  reactions?: ReactionRecord[]
  /** [S13.1] The former texts of these messages, where there are any; absent in formats 1 and 2, and where no message has one. */
  edits?: SegmentEdits[]
}

/** What one message said before, the oldest first. */
export interface SegmentEdits {
  messageId: string
  texts: FormerText[]
}

/** Of the segments (n − 1) · 64 + 1 to n · 64: the revs above `appended`, ascending, where there are any. */
export interface LateDocument extends Covering {
  roomId: string
  number: number
  segments: { number: number; revs: number[] }[]
}

/** How far the members of a room have read: a document apart, so that it can be written without the members. */
export interface ReadsDocument extends Covering {
  /** Of the stream `reads:<id>`. */
  head: number
  begins: Begin[]
  reads: ReadRecord[]
}

/** The picture of a user or a room. */
export interface AvatarDocument extends Covering {
  ownerId: string
  hash: string
  /** Base64. */
  png: string
}

/** The ids of a full segment, which never change: fingerprints in order of seq, 4 bytes each, little-endian, base64. */
export interface FingerprintsDocument {
  roomId: string
  number: number
  fingerprints: string
}

/** Segments of one run of fingerprints, and of one document of late changes. Part of the format. */
export const RUN_SEGMENTS = 64

/** The ids of a run of full segments, to be read at once: what `FingerprintRun` makes of them, base64. */
export interface RunDocument {
  roomId: string
  number: number
  fingerprints: string
}

/** The run that a segment belongs to, from 1. */
export function runOf(segment: number): number {
  return Math.ceil(segment / RUN_SEGMENTS)
}

export function segmentOf(seq: number): number {
  return Math.floor((seq - 1) / SEGMENT_MESSAGES) + 1
}

export function firstSeqOf(segment: number): number {
  return (segment - 1) * SEGMENT_MESSAGES + 1
}

/** Where everything lies. */
export class Layout {
  readonly dataDir: string

  constructor(dataDir: string) {
    this.dataDir = dataDir
  }

  get relay(): string {
    return join(this.dataDir, 'relay.json')
  }

  get invites(): string {
    return join(this.dataDir, 'invites.json')
  }

  get users(): string {
    return join(this.dataDir, 'users')
  }

  get rooms(): string {
    return join(this.dataDir, 'rooms')
  }

  get journal(): string {
    return join(this.dataDir, 'journal')
  }

  get avatars(): string {
    return join(this.dataDir, 'avatars')
  }

  avatar(ownerId: string): string {
    return join(this.avatars, `${safeName(ownerId)}.json`)
  }

  user(userId: string): string {
    return join(this.users, `${safeName(userId)}.json`)
  }

  roomDirectory(roomId: string): string {
    return join(this.rooms, safeName(roomId))
  }

  room(roomId: string): string {
    return join(this.roomDirectory(roomId), 'room.json')
  }

  reads(roomId: string): string {
    return join(this.roomDirectory(roomId), 'reads.json')
  }

  segment(roomId: string, number: number): string {
    return join(this.roomDirectory(roomId), `${String(number).padStart(6, '0')}.json`)
  }

  fingerprints(roomId: string, number: number): string {
    return join(this.roomDirectory(roomId), `${String(number).padStart(6, '0')}.ids.json`)
  }

  /** Run r is of the segments (r − 1) · 64 + 1 to r · 64. */
  run(roomId: string, number: number): string {
    return join(this.roomDirectory(roomId), `ids-${String(number).padStart(6, '0')}.json`)
  }

  late(roomId: string, number: number): string {
    return join(this.roomDirectory(roomId), `late-${String(number).padStart(6, '0')}.json`)
  }

  journalFile(number: number): string {
    return join(this.journal, `${String(number).padStart(8, '0')}.jsonl`)
  }
}

const JOURNAL_NAME = /^(\d{8,})\.jsonl$/

/** The number of a journal file, undefined for any other name. */
export function journalNumberOf(name: string): number | undefined {
  const match = JOURNAL_NAME.exec(name)
  return match ? Number(match[1]) : undefined
}

/** Whether a name in the data directory can be an id; others (`.DS_Store`, `lost+found`) are not ours. */
export function isId(name: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,63}$/.test(name)
}

/** Ids become file names. They are UUIDs; anything that could leave its directory is a mistake of ours. */
export function safeName(id: string): string {
  if (!isId(id)) throw new Error(`${JSON.stringify(id)} cannot be an id in storage`)
  return id
}
