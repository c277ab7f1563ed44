import { describe, expect, it } from 'vitest'
import { found, MOST_FOUND, steppedRoom } from './found.ts'

const all = ['가족', '마루 개발', 'Kitchen', '김민수'].map((name) => ({
  id: name,
  words: name === '김민수' ? [name, 'minsu'] : [name],
  row: name
}))
const nowhere = { visited: [], currentId: null }

describe('what the switcher finds', () => {
  it('by syllables, initial consonants, usernames, and letters that stand apart', () => {
    expect(found(all, '가', nowhere)).toEqual(['가족'])
    expect(found(all, 'ㅁㄹ', nowhere)).toEqual(['마루 개발'])
    expect(found(all, 'ㄱㅁㅅ', nowhere)).toEqual(['김민수'])
    expect(found(all, 'min', nowhere)).toEqual(['김민수'])
    expect(found(all, 'ktn', nowhere)).toEqual(['Kitchen'])
    expect(found(all, 'xyz', nowhere)).toEqual([])
  })

  it('what was open last first; where one is, last', () => {
    const visits = { visited: ['Kitchen', '김민수'], currentId: 'Kitchen' }
    expect(found(all, '', visits)).toEqual(['김민수', '가족', '마루 개발', 'Kitchen'])
    expect(found(all, 'ㄱ', { visited: ['김민수'], currentId: null })).toEqual(['김민수', '가족', '마루 개발'])
  })

  it('a better fit before one that was open', () => {
    expect(found(all, 'ㄱㅂ', { visited: ['김민수'], currentId: null })[0]).toBe('마루 개발')
  })

  it('a thousand rooms: no more than fit on a screen or two', () => {
    const many = Array.from({ length: 1_000 }, (_, at) => ({ id: `${at}`, words: [`방 ${at}`], row: at }))
    expect(found(many, '방', nowhere)).toHaveLength(MOST_FOUND)
    expect(found(many, '999', nowhere)).toEqual([999])
  })
})

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
