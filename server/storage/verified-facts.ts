// What a verification is handed, and what it says is wrong. Knows no driver.
import type { BlockRecord, MemberRecord, MembershipRecord, PreferencesRecord } from '../../protocol/records.ts'
import type { ReadRecord, RoomRecord, UserRecord } from '../../protocol/records.ts'
import type { Account, Device } from './port.ts'

/** One thing that is wrong. */
export interface Finding {
  /** The file, or whatever else the driver keeps it in. */
  where: string
  what: string
  expected?: string
  found?: string
}

export type Report = (finding: Finding) => void

export interface Counts {
  users: number
  devices: number
  rooms: number
  messages: number
  reactions: number
}

/** A user with all that hangs on it. */
export interface UserFacts {
  id: string
  user: UserRecord | null
  account: Account | null
  /** Of the stream `user:<id>`. */
  head: number
  devices: readonly Device[]
  memberships: readonly MembershipRecord[]
  blocks: readonly BlockRecord[]
  preferences?: PreferencesRecord | undefined
}

/** A room without its messages and reactions. */
export interface RoomFacts {
  id: string
  room: RoomRecord | null
  head: number
  headSeq: number
  members: readonly MemberRecord[]
  /** Of the stream `reads:<id>`. */
  readsHead: number
  reads: readonly ReadRecord[]
}

/** [S3] The last change of a stream took its head, and the record that it made still has it. */
export function checkHead(report: Report, where: string, stream: string, head: number, highest: number): void {
  if (head === highest) return
  report({
    where,
    what: `[S3] head of the stream ${stream}`,
    expected: `${highest}, its highest rev`,
    found: `${head}`
  })
}
