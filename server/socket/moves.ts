// Who comes into rooms and goes out of them by a commit, and which asides go with them [S11.5]. Knows no connection.
import { userOfStream } from '../../protocol/streams.ts'
import type { MembershipRecord } from '../../protocol/records.ts'
import type { Told } from '../domain/commit-line.ts'

export interface Move {
  userId: string
  roomId: string
  /** Of an aside. */
  parentId: string | undefined
  /** In, or out. */
  in: boolean
  /** In, and hears it: not of an aside whose parent is left in the same commit. */
  hears: boolean
}

/** Which asides of a room somebody is in; they stay in them for good, and read them while they are in the room. */
export class KnownAsides {
  /** userId → parentId → their ids */
  readonly #users = new Map<string, Map<string, Set<string>>>()

  add(userId: string, { roomId, parentId }: { roomId: string; parentId: string }): void {
    const parents = this.#users.get(userId) ?? new Map<string, Set<string>>()
    const asides = parents.get(parentId) ?? new Set<string>()
    this.#users.set(userId, parents.set(parentId, asides.add(roomId)))
  }

  of(userId: string, parentId: string): Iterable<string> {
    return this.#users.get(userId)?.get(parentId) ?? []
  }

  /** To be called once nobody has to be moved any more. */
  forget(userId: string): void {
    this.#users.delete(userId)
  }
}

/**
 * Only where the member's record changed with the membership: the latter alone also holds what was read and muted, of asides too that
 * cannot be read now. Nobody comes into an aside whose parent they leave in the same commit.
 */
export function movesOf(changes: Told): Move[] {
  const changed = new Set<string>()
  for (const { records } of changes) {
    for (const record of records) if (record.type === 'member') changed.add(`${record.userId} ${record.roomId}`)
  }
  if (changed.size === 0) return []
  const moves: Omit<Move, 'hears'>[] = []
  for (const { stream, records } of changes) {
    const userId = userOfStream(stream)
    if (userId === undefined) continue
    for (const record of records) {
      if (record.type !== 'membership' || !changed.has(`${userId} ${record.roomId}`)) continue
      moves.push(moveOf(userId, record))
    }
  }
  const left = new Set(moves.filter((move) => !move.in).map(({ userId, roomId }) => `${userId} ${roomId}`))
  return moves.map((move) => ({ ...move, hears: move.in && !left.has(`${move.userId} ${move.parentId}`) }))
}

function moveOf(userId: string, { roomId, state, parentId }: MembershipRecord): Omit<Move, 'hears'> {
  return { userId, roomId, parentId, in: state === 'joined' }
}
