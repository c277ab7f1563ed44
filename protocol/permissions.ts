// Who may do what in a room (SPEC §3.1), as one table. Says nothing of who is who: kind, role and the rest are the caller's to know.
import type { MemberRole, RoomKind } from './records.ts'

/** What one person may do in one room now. */
export interface RoomRights {
  /** `message.send` and `message.edit`; in a group or open room also asides. */
  write: boolean
  /** `reaction.set`. */
  react: boolean
  /** `message.pin`. */
  pin: boolean
  /** `room.rename`, and topic and avatar of `room.change`. */
  shape: boolean
  /** `writers` of `room.change`. */
  setWriters: boolean
  /** `member.add`. */
  add: boolean
  /** Whom `member.remove` and `member.ban` may be about, oneself aside; a lifted ban is about a member. */
  remove: 'anybody' | 'members' | 'nobody'
  /** `member.role` */
  setRole: boolean
  /** `room.close` */
  close: boolean
  leave: boolean
  /** `room.join` */
  join: boolean
}

/** Of a room, what decides. */
export interface RoomTerms {
  kind: RoomKind
  writers?: 'admins' | undefined
  /** [S11.6] Read-only since then. */
  closedAt?: string | undefined
}

export const NO_RIGHTS: RoomRights = {
  write: false,
  react: false,
  pin: false,
  shape: false,
  setWriters: false,
  add: false,
  remove: 'nobody',
  setRole: false,
  close: false,
  leave: false,
  join: false
}

/**
 * The rights of somebody with `role` in a room; null: not joined.
 * @param parent [S11.5] of an aside: what the same person may in the room that it belongs to
 */
export function rightsIn(room: RoomTerms, role: MemberRole | null, parent?: RoomRights): RoomRights {
  const { kind, writers, closedAt } = room
  const closed = closedAt !== undefined
  if (role === null) return { ...NO_RIGHTS, join: kind === 'open' && !closed }
  if (kind === 'aside') return { ...NO_RIGHTS, write: parent?.write ?? false, react: parent?.react ?? false }
  if (kind === 'direct' || kind === 'notes') return { ...NO_RIGHTS, write: !closed, react: !closed, pin: !closed }
  if (closed) return { ...NO_RIGHTS, leave: true }
  const leads = role === 'owner' || role === 'admin'
  const writes = writers === undefined || leads
  const shape = kind === 'open' ? leads : writes
  return {
    write: writes,
    react: true,
    pin: shape,
    shape,
    setWriters: leads,
    add: true,
    remove: role === 'owner' ? 'anybody' : role === 'admin' ? 'members' : 'nobody',
    setRole: role === 'owner',
    close: role === 'owner',
    leave: true,
    join: false
  }
}

/** Whether these rights reach somebody else of this role. */
export function mayRemove({ remove }: Pick<RoomRights, 'remove'>, target: MemberRole): boolean {
  return remove === 'anybody' || (remove === 'members' && target === 'member')
}
