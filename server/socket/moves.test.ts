import { describe, expect, it } from 'vitest'
import type { MemberRecord, MembershipRecord } from '../../protocol/records.ts'
import { roomStream, userStream } from '../../protocol/streams.ts'
import type { Told } from '../domain/commit-line.ts'
import { KnownAsides, movesOf } from './moves.ts'

const AT = '2026-11-20T12:00:00.000Z'
type State = MemberRecord['state']

/** What a commit changes where somebody comes or goes. */
function going(userId: string, roomId: string, state: State, parentId?: string): Told {
  const parent = parentId === undefined ? {} : { parentId }
  const member = { type: 'member', rev: 2, roomId, userId, role: 'member', state, joinedAt: AT, joinedSeq: 0 } as const
  return [
    { stream: roomStream(roomId), from: 1, through: 2, records: [{ ...member, ...parent }] },
    ...own(userId, roomId, state, parentId)
  ]
}

/** What changes with a mark, or with settings. */
function own(userId: string, roomId: string, state: State, parentId?: string): Told {
  const parent = parentId === undefined ? {} : { parentId }
  const membership: MembershipRecord = { type: 'membership', rev: 2, roomId, state, changedAt: AT, ...parent }
  return [{ stream: userStream(userId), from: 1, through: 2, records: [membership] }]
}

describe('who moves by a commit', () => {
  it('comes in and goes out with the member’s record; marks and settings move nobody [S11.5]', () => {
    expect(movesOf(going('kim', 'hall', 'joined'))).toEqual([
      { userId: 'kim', roomId: 'hall', parentId: undefined, in: true, hears: true }
    ])
    for (const state of ['left', 'removed'] as const) {
      expect(movesOf(going('kim', 'hall', state))).toMatchObject([{ userId: 'kim', in: false }])
    }
    expect(movesOf(own('kim', 'hall', 'joined'))).toEqual([])
    expect(movesOf(own('kim', 'aside', 'joined', 'hall'))).toEqual([])
    // Somebody else came into the same room by the same commit.
    expect(movesOf([...own('kim', 'hall', 'joined'), ...going('lee', 'hall', 'joined')])).toMatchObject([
      { userId: 'lee' }
    ])
  })

  it('nobody hears an aside whose parent they leave in the same commit, in whatever order it is told', () => {
    const changes = [...going('kim', 'aside', 'joined', 'hall'), ...going('kim', 'hall', 'left')]
    for (const told of [changes, changes.toReversed()]) {
      expect(movesOf(told)).toHaveLength(2)
      expect(movesOf(told)).toContainEqual({
        userId: 'kim',
        roomId: 'hall',
        parentId: undefined,
        in: false,
        hears: false
      })
      expect(movesOf(told)).toContainEqual({ userId: 'kim', roomId: 'aside', parentId: 'hall', in: true, hears: false })
    }
    const another = [...going('kim', 'aside', 'joined', 'hall'), ...going('lee', 'hall', 'left')]
    expect(movesOf(another).filter(({ hears }) => hears)).toMatchObject([{ userId: 'kim', roomId: 'aside' }])
  })
})

describe('asides that go with their parents', () => {
  it('are known by user and parent, once, until they are forgotten', () => {
    const asides = new KnownAsides()
    for (const roomId of ['a', 'b', 'a']) asides.add('kim', { roomId, parentId: 'hall' })
    asides.add('kim', { roomId: 'c', parentId: 'attic' })
    expect([...asides.of('kim', 'hall')]).toEqual(['a', 'b'])
    expect([...asides.of('lee', 'hall')]).toEqual([])
    asides.forget('kim')
    expect([...asides.of('kim', 'hall')]).toEqual([])
  })
})
