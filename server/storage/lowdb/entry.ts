// What one line of the journal carries, as an object and as JSON. Knows no file.
import type { EditsChange } from '../draft.ts'
import type { StreamChange } from '../port.ts'
import type { Account, Avatar, Invite } from '../port.ts'
import type { DeviceEntry } from './device-entries.ts'
import { inviteOf } from '../older-invites.ts'

/** One commit. What it takes away is done before what it puts. */
export interface Entry {
  epoch: number
  changes: StreamChange[]
  /** [S13.1] Of messages among the changes. */
  edits: EditsChange[]
  accounts: Account[]
  devices: DeviceEntry[]
  invites: Invite[]
  /** Null: taken away. */
  avatars: { ownerId: string; avatar: Avatar | null }[]
  removed: {
    /** By user. */
    accounts: string[]
    /** With whose they were: a device of the same id may be somebody else's later. */
    devices: { id: string; userId: string }[]
    /** By `codeHash`. */
    invites: string[]
  }
}

/** As it is written. `edits`, `avatars` and `removed` are absent where there are none, and from journals of format 2. */
interface WrittenEntry extends Omit<Entry, 'edits' | 'avatars' | 'removed'> {
  edits?: EditsChange[]
  avatars?: { ownerId: string; avatar: { hash: string; png: string } | null }[]
  removed?: Entry['removed']
}

export function entryToJson({ edits, avatars, removed, ...entry }: Entry): string {
  const written: WrittenEntry = entry
  if (edits.length > 0) written.edits = edits
  if (avatars.length > 0) {
    written.avatars = avatars.map(({ ownerId, avatar }) => ({
      ownerId,
      avatar: avatar && { hash: avatar.hash, png: Buffer.from(avatar.png).toString('base64') }
    }))
  }
  if (Object.values(removed).some((list) => list.length > 0)) written.removed = removed
  return JSON.stringify(written)
}

/** What `entryToJson` was given, or a relay of an older format wrote. */
export function entryFromJson(json: string): Entry {
  const { edits = [], avatars = [], removed, ...entry } = JSON.parse(json) as WrittenEntry
  return {
    ...entry,
    edits,
    invites: entry.invites.map(inviteOf),
    avatars: avatars.map(({ ownerId, avatar }) => ({
      ownerId,
      avatar: avatar && { ownerId, hash: avatar.hash, png: Buffer.from(avatar.png, 'base64') }
    })),
    removed: removed ?? { accounts: [], devices: [], invites: [] }
  }
}
