// [SPEC §3.1] What people are offered and what the relay takes are two tables: by every act, kind of room, role, and state of the room they say the same.
import { expect, test } from 'vitest'
import { mayRemove as isOffered, rightsIn } from '../protocol/permissions.ts'
import type { RoomRights } from '../protocol/permissions.ts'
import { memberRoleSchema, roomKindSchema } from '../protocol/records.ts'
import { isAllowedWhenClosed, isKnown, isPermitted, mayRemove } from '../server/domain/permissions.ts'
import type { Act } from '../server/domain/permissions.ts'

const roles = memberRoleSchema.options
const rooms = roomKindSchema.options.flatMap((kind) =>
  [undefined, 'admins' as const].flatMap((writers) =>
    [undefined, '2026-03-01T00:00:00.000Z'].map((closedAt) => ({ kind, writers, closedAt }))
  )
)
const acts = {
  write: 'write',
  react: 'react',
  shape: 'shape',
  setWriters: 'writers',
  add: 'add',
  setRole: 'role',
  close: 'close',
  leave: 'leave'
} as const satisfies Partial<Record<keyof RoomRights, Act>>

function relayTakes(act: Act, room: (typeof rooms)[number], role: (typeof roles)[number]): boolean {
  const { kind, writers, closedAt } = room
  if (!isKnown(act, kind) || (closedAt !== undefined && !isAllowedWhenClosed(act))) return false
  return isPermitted(act, { kind, ...(writers ? { writers } : {}) }, role)
}

test.each(Object.entries(acts) as [keyof typeof acts, Act][])('%s', (right, act) => {
  for (const room of rooms) {
    for (const role of roles) {
      // In an aside the parent decides, which is asked here as one where everything may be done.
      const everything = rightsIn({ kind: 'group' }, 'owner')
      const offered = rightsIn(room, role, everything)[right]
      const isAside = room.kind === 'aside'
      // An aside is closed by its parent alone; a room that is closed can be closed again, and nobody is offered that.
      if (isAside && room.closedAt !== undefined) continue
      if (right === 'close' && room.closedAt !== undefined) continue
      expect(`${JSON.stringify(room)} ${role}: ${offered}`).toBe(
        `${JSON.stringify(room)} ${role}: ${relayTakes(act, room, role)}`
      )
    }
  }
})

test('whom one may remove and ban', () => {
  for (const room of rooms) {
    for (const role of roles) {
      for (const target of roles) {
        const offered = isOffered(rightsIn(room, role), target)
        expect([room.kind, role, target, offered]).toEqual([
          room.kind,
          role,
          target,
          relayTakes('remove', room, role) && mayRemove(role, target)
        ])
      }
    }
  }
})

test('[S11.5] in an aside one may what one may in the room that it belongs to; who is not joined may nothing but come in', () => {
  const quiet = rightsIn({ kind: 'group', writers: 'admins' }, 'member')
  expect(rightsIn({ kind: 'aside' }, 'member', quiet)).toMatchObject({ write: false, react: true })
  const closed = rightsIn({ kind: 'group', closedAt: '2026-03-01T00:00:00.000Z' }, 'owner')
  expect(rightsIn({ kind: 'aside' }, 'member', closed)).toMatchObject({ write: false, react: false })
  for (const room of rooms) {
    const { join, remove, ...others } = rightsIn(room, null)
    expect(join).toBe(room.kind === 'open' && room.closedAt === undefined)
    expect([remove, ...Object.values(others)]).toEqual(['nobody', ...Object.values(others).map(() => false)])
  }
})
