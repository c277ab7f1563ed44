import { describe, expect, it } from 'vitest'
import { steppedRoom } from './stepped-room.ts'

describe('the room next to this one', () => {
  const rooms = [
    { id: 'a', unread: 1 },
    { id: 'b', unread: 0 },
    { id: 'c', unread: 2 }
  ]
  const any = () => true
  const unread = (room: { unread: number }) => room.unread > 0

  it('goes round', () => {
    expect(steppedRoom(rooms, 'a', 1, any)?.id).toBe('b')
    expect(steppedRoom(rooms, 'c', 1, any)?.id).toBe('a')
    expect(steppedRoom(rooms, 'a', -1, any)?.id).toBe('c')
  })

  it('begins at the end that the step comes from where no room is open', () => {
    expect(steppedRoom(rooms, null, 1, any)?.id).toBe('a')
    expect(steppedRoom(rooms, null, -1, any)?.id).toBe('c')
  })

  it('unread ones only, and never the one where one is', () => {
    expect(steppedRoom(rooms, 'a', 1, unread)?.id).toBe('c')
    expect(steppedRoom(rooms, 'c', 1, unread)?.id).toBe('a')
    expect(steppedRoom(rooms.slice(0, 2), 'a', 1, unread)).toBe(null)
    expect(steppedRoom([], null, 1, any)).toBe(null)
  })
})
