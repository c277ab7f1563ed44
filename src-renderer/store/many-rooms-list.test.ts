// The list of rooms with a thousand of them: what one change costs, counted in rows that are looked into.
import { expect, it } from 'vitest'
import { createDirectRooms } from './direct-rooms.ts'
import { buildRooms } from './rooms.ts'
import type { RoomsParts } from './rooms.ts'
import type { MembershipRow, MessageRow, RoomRow } from './schemas.ts'

const ROOMS = 1_000
const ME = 'me'

/** Notes in `looked` of which rooms the newest message was looked into. */
function world(looked: Set<string>) {
  const at = (minute: number) => new Date(Date.UTC(2026, 1, 10, 0, minute)).toISOString()
  const ids = Array.from({ length: ROOMS }, (_, number) => `room ${number}`)
  const message = (roomId: string, minute: number, body: string): MessageRow => ({
    key: `${roomId}|m`,
    type: 'message',
    id: `m ${roomId} ${minute}`,
    roomId,
    seq: minute,
    rev: minute,
    epoch: 1,
    kind: 'text',
    authorId: 'mina',
    body,
    sentAt: at(minute),
    get acceptedAt() {
      looked.add(roomId)
      return at(minute)
    }
  })
  const byId = <Row>(row: (id: string, number: number) => Row) =>
    new Map(ids.map((id, number) => [id, row(id, number)]))
  const common = { epoch: 1, rev: 1 }
  const parts: RoomsParts = {
    userId: ME,
    direct: createDirectRooms(ME),
    rooms: byId((id): RoomRow => ({
      ...common,
      key: id,
      type: 'room',
      id,
      kind: 'group',
      name: id,
      createdBy: ME,
      createdAt: at(0)
    })),
    memberships: byId((id): MembershipRow => ({
      ...common,
      key: id,
      type: 'membership',
      roomId: id,
      state: 'joined',
      changedAt: at(0)
    })),
    users: new Map(),
    ownMembers: new Map(),
    asideMembers: new Map(),
    blocked: new Set(),
    lastMessages: byId((id, number) => message(id, number + 1, 'hello')),
    entries: [],
    drafts: new Map(),
    unread: new Map()
  }
  return { parts, message }
}

it('[S16] one new message, draft or count makes one summary of a thousand anew; the others are the same objects', () => {
  const looked = new Set<string>()
  const { parts, message } = world(looked)
  const list = buildRooms(parts)
  expect(list).toHaveLength(ROOMS)
  expect(looked.size).toBe(ROOMS)

  const changes: Partial<RoomsParts>[] = [
    { lastMessages: new Map(parts.lastMessages).set('room 7', message('room 7', 5_000, 'news')) },
    { drafts: new Map([['room 7', 'a thought']]) },
    { unread: new Map([['room 7', { unread: 2, mentions: 0 }]]) }
  ]
  for (const change of changes) {
    looked.clear()
    const next = buildRooms({ ...parts, ...change }, list)
    expect([...looked]).toEqual(['room 7'])
    expect(next.filter((room) => !list.includes(room)).map(({ id }) => id)).toEqual(['room 7'])
    expect(next).toEqual(buildRooms({ ...parts, ...change }))
  }
  looked.clear()
  expect(buildRooms(parts, list)).toBe(list)
  expect(looked.size).toBe(0)
})
