// SPEC §3.1 as a table: who may do what in which kind of room. Reads nothing; access.ts asks it.
import type { MemberRole, RoomKind, RoomRecord } from '../../protocol/records.ts'

/** What somebody may want to do in a room that they are joined in. */
export type Act =
  | 'read'
  | 'react'
  | 'write'
  | 'delete'
  /** `message.send` with `to` [S11.5]. */
  | 'aside'
  /** Name, topic and picture. */
  | 'shape'
  | 'pin'
  | 'writers'
  | 'add'
  /** Removing, banning, lifting a ban. */
  | 'remove'
  | 'role'
  | 'close'
  | 'leave'

/**
 * `writers`: everybody joined, or owner and admins where they alone may write. `admins`: owner and admins. `parent`: who may do it in
 * the aside's parent too [S11.5].
 */
type Rule = 'joined' | 'writers' | 'admins' | 'owner' | 'parent' | 'nobody'

interface Row extends Record<RoomKind, Rule> {
  /** [S11.6] Also in a closed room. */
  whenClosed: boolean
}

const TABLE: Record<Act, Row> = {
  read: row(true, 'joined', 'joined', 'joined', 'joined', 'parent'),
  react: row(false, 'joined', 'joined', 'joined', 'joined', 'parent'),
  write: row(false, 'writers', 'writers', 'joined', 'joined', 'parent'),
  delete: row(true, 'joined', 'joined', 'joined', 'joined', 'parent'),
  aside: row(false, 'writers', 'writers', 'nobody', 'nobody', 'nobody'),
  shape: row(false, 'writers', 'admins', 'nobody', 'nobody', 'nobody'),
  pin: row(false, 'writers', 'admins', 'joined', 'joined', 'nobody'),
  writers: row(false, 'admins', 'admins', 'nobody', 'nobody', 'nobody'),
  add: row(false, 'joined', 'joined', 'nobody', 'nobody', 'nobody'),
  remove: row(false, 'admins', 'admins', 'nobody', 'nobody', 'nobody'),
  role: row(false, 'owner', 'owner', 'nobody', 'nobody', 'nobody'),
  // Closing again changes nothing, so that it may be repeated.
  close: row(true, 'owner', 'owner', 'nobody', 'nobody', 'nobody'),
  leave: row(true, 'joined', 'joined', 'nobody', 'nobody', 'nobody')
}

function row(whenClosed: boolean, group: Rule, open: Rule, direct: Rule, notes: Rule, aside: Rule): Row {
  return { whenClosed, group, open, direct, notes, aside }
}

/** Whether rooms of this kind know the act at all. */
export function isKnown(act: Act, kind: RoomKind): boolean {
  return TABLE[act][kind] !== 'nobody'
}

/** [S11.6] */
export function isAllowedWhenClosed(act: Act): boolean {
  return TABLE[act].whenClosed
}

/** Whether a joined member with this role may; of an aside, what the parent says is asked apart. */
export function isPermitted(act: Act, room: Pick<RoomRecord, 'kind' | 'writers'>, role: MemberRole): boolean {
  switch (TABLE[act][room.kind]) {
    case 'joined':
    case 'parent':
      return true
    case 'writers':
      return room.writers === undefined || role !== 'member'
    case 'admins':
      return role !== 'member'
    case 'owner':
      return role === 'owner'
    case 'nobody':
      return false
  }
}

/** Of those who may `remove`: an owner anybody else, an admin members alone. */
export function mayRemove(actor: MemberRole, target: MemberRole): boolean {
  return actor === 'owner' || (actor === 'admin' && target === 'member')
}
