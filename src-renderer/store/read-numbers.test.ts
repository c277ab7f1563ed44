import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildReadNumbers } from './read-numbers.ts'

const env = (globalThis as { process?: { env: Record<string, string | undefined> } }).process?.env ?? {}
const SEED = env['MARU_SEED'] === undefined ? {} : { seed: Number(env['MARU_SEED']) }
const RUNS = env['MARU_LONG'] === 'true' ? 20_000 : 400

const member = fc.record({
  state: fc.constantFrom('joined', 'joined', 'joined', 'left', 'removed'),
  joinedSeq: fc.nat(12),
  readSeq: fc.option(fc.nat(14), { nil: undefined }),
  hides: fc.boolean()
})

describe('the number beside a message', () => {
  it('[S12.6] [S12.7] is of those who joined before it, show what they read, did not write it, and have not read it', () => {
    fc.assert(
      fc.property(fc.array(member, { maxLength: 25 }), fc.nat(15), fc.nat(30), (made, seq, author) => {
        const members = made.map((each, index) => ({ ...each, userId: `user ${index}` }))
        const authorId = `user ${author}`
        const byId = new Map(members.map((each) => [each.userId, each]))
        const numbers = buildReadNumbers({
          members,
          readSeq: (userId) => byId.get(userId)?.readSeq,
          counts: (userId) => !byId.get(userId)?.hides
        })
        // As the rule says it, one member after the other.
        const asked = members.filter(
          ({ userId, state, joinedSeq, hides }) =>
            state === 'joined' && joinedSeq < seq && !hides && userId !== authorId
        )
        const unread = asked.filter(({ readSeq }) => (readSeq ?? 0) < seq).map(({ userId }) => userId)
        const read = asked.filter(({ readSeq }) => (readSeq ?? 0) >= seq).map(({ userId }) => userId)
        expect(numbers.names(seq, authorId)).toEqual({ read, unread })
        expect(numbers.unread(seq, authorId)).toBe(unread.length)
        expect(numbers.asked(seq, authorId)).toBe(asked.length)
      }),
      { numRuns: RUNS, ...SEED }
    )
  })

  it('[S12.7] falls as people read, and does not count who came later or left', () => {
    const members = [
      { userId: 'me', state: 'joined', joinedSeq: 0 },
      { userId: 'mina', state: 'joined', joinedSeq: 0 },
      { userId: 'jun', state: 'joined', joinedSeq: 2 },
      { userId: 'late', state: 'joined', joinedSeq: 5 },
      { userId: 'gone', state: 'left', joinedSeq: 0 }
    ] as const
    const at = (reads: Record<string, number>, hidden: string[] = []) =>
      buildReadNumbers({
        members,
        readSeq: (userId) => reads[userId],
        counts: (userId) => !hidden.includes(userId)
      })
    expect(at({}).unread(5, 'me')).toBe(2)
    expect(at({ mina: 4 }).unread(5, 'me')).toBe(2)
    expect(at({ mina: 5 }).unread(5, 'me')).toBe(1)
    expect(at({ mina: 5, jun: 9 }).unread(5, 'me')).toBe(0)
    expect(at({ mina: 5 }, ['mina']).names(5, 'me')).toEqual({ read: [], unread: ['jun'] })
    expect(at({}).unread(2, 'me')).toBe(1)
    expect(at({}).unread(6, 'me')).toBe(3)
  })
})
