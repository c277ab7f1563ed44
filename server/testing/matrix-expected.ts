// What the relay has to answer in the matrix test, by the document's table [SPEC §3.1, S11]. Knows nothing of the code under test.
import { CASES } from './matrix-cases.ts'
import type { Case, Outcome } from './matrix-cases.ts'
import type { Table } from './matrix-table.ts'
import type { Actor, Place, Who } from './matrix-world.ts'

/** What the document has the relay answer. */
export function expected(table: Table, each: Case, place: Place, who: Actor): Outcome {
  const standing = place.standing[who]
  const { kind, closed = false } = place
  // Who removes themselves leaves.
  const isLeaving = each.row === 'remove' && each.name.startsWith('removes') && each.target === who
  const { row, whenClosed, otherwise, ended } = isLeaving ? leaving() : each
  if (standing === 'never') {
    if (row === 'join' && kind === 'open') return closed ? 'room-closed' : 'accepted'
    return 'room-not-found'
  }
  if (standing === 'left' || standing === 'removed' || standing === 'banned') {
    return ended?.(place, who) ?? 'not-a-member'
  }
  // Changes nothing.
  if (row === 'join') return 'accepted'
  const rule = table[row][kind]
  if (rule === 'nobody') return 'not-permitted'
  if (closed && !whenClosed) return 'room-closed'
  if (each.target === who && !isLeaving) return 'not-permitted'
  const targetRole = each.target === undefined ? undefined : roleOf(place, each.target)
  const adminsWrite = place.adminsWrite ?? false
  if (!rule({ role: standing, adminsWrite, parentRole: place.parentRole[who], targetRole })) return 'not-permitted'
  return otherwise?.(place, who) ?? 'accepted'
}

function leaving(): Case {
  const leave = CASES.find(({ row }) => row === 'leave')
  if (!leave) throw new Error('nobody leaves')
  return leave
}

function roleOf({ standing }: Place, who: Who): 'owner' | 'admin' | 'member' {
  const role = standing[who]
  return role === 'owner' || role === 'admin' ? role : 'member'
}
