// [S11.4] From which seq on the members of rooms with `history: from-joining` may hear. Knows no connection.
import type { MemberRecord, StreamRecord } from '../../protocol/records.ts'
import type { Told } from '../domain/commit-line.ts'
import { grouped } from '../grouped.ts'

/** Users who may not hear some of the records that others hear. */
export interface Below {
  userIds: string[]
  /** What they may hear, in the same order. */
  readable: StreamRecord[]
}

export class Floors {
  /** roomId → userId → the highest seq that is not for this user; only where that is above 0. */
  readonly #rooms = new Map<string, Map<string, number>>()

  /** @param floor 0 if there is none, or no such member any more */
  set(roomId: string, userId: string, floor: number): void {
    const room = this.#rooms.get(roomId) ?? new Map<string, number>()
    if (floor > 0) this.#rooms.set(roomId, room.set(userId, floor))
    else if (room.delete(userId) && room.size === 0) this.#rooms.delete(roomId)
  }

  /** Who may not hear all of `records`, by what they may hear. Costs nothing in a room without floors. */
  below(roomId: string, records: readonly StreamRecord[]): Below[] {
    const room = this.#rooms.get(roomId)
    if (!room) return []
    const lowest = records.reduce((seq, record) => Math.min(seq, seqOf(record) ?? Infinity), Infinity)
    const concerned = [...room].filter(([, floor]) => floor >= lowest)
    return [...grouped(concerned, ([, floor]) => floor)].map(([floor, users]) => ({
      userIds: users.map(([userId]) => userId),
      readable: records.filter((record) => (seqOf(record) ?? Infinity) > floor)
    }))
  }
}

/** The members who came into a room that had messages before, as far as a commit tells; some may have been in it already. */
export function lateJoins(changes: Told): MemberRecord[] {
  return changes.flatMap(({ records }) =>
    records.filter((record) => record.type === 'member' && record.state === 'joined' && record.joinedSeq > 0)
  ) as MemberRecord[]
}

function seqOf(record: StreamRecord): number | undefined {
  return record.type === 'message' || record.type === 'reaction' ? record.seq : undefined
}
