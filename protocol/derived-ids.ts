// Ids of rooms that follow from who is in them, so that devices which make one offline, each for itself, meet in it; and of the pieces of a long text.
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/** The direct room of two users, whichever of them asks. */
export function directRoomId(userId: string, otherId: string): string {
  return derivedId('direct', [userId, otherId].toSorted())
}

/** A user's notes to self. */
export function notesRoomId(userId: string): string {
  return derivedId('notes', [userId])
}

/** [S11.5] The aside of a room and a set of users, its author among them; their order and repetitions do not matter. */
export function asideRoomId(parentId: string, userIds: Iterable<string>): string {
  return derivedId('aside', [parentId, ...[...new Set(userIds)].toSorted()])
}

/** The `nth` message (from 1) behind the first, of words that are too long for one: the same whoever sends them again. */
export function pieceId(firstId: string, nth: number): string {
  return derivedId('piece', [firstId, `${nth}`])
}

/** Whether an id is one of these: no other room may have such an id. */
export function isDerivedId(id: string): boolean {
  return id[14] === '8'
}

/** A UUIDv8 (RFC 9562 §5.8) of the first 128 bits of a SHA-256. */
function derivedId(kind: string, ids: readonly string[]): string {
  const hex = bytesToHex(sha256(utf8ToBytes(['maru', kind, ...ids].join(':')))).slice(0, 32)
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) % 4]
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`
}
