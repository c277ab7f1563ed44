import { beforeEach, describe, expect, it } from 'vitest'
import { TYPING_REFRESH_MS, TYPING_TELL_MS, TYPING_TTL_MS } from '../../protocol/limits.ts'
import { seededRandom } from '../storage/contract/seeded-random.ts'
import { firstSeed } from '../storage/testing/test-size.ts'
import { HandClock } from './testing/hand-clock.ts'
import { RoomsTyping } from './typing.ts'
import type { TypingNews } from './typing.ts'

const HALL = 'hall'

describe('who types, told in time [S14.1]', () => {
  let clock: HandClock
  let told: (TypingNews & { at: number })[]
  let typing: RoomsTyping
  let began: number
  beforeEach(() => {
    clock = new HandClock()
    began = clock.ms
    told = []
    typing = new RoomsTyping({
      now: clock.now,
      timer: clock.timer,
      tell: (news) => told.push({ ...news, at: clock.ms - began })
    })
  })
  const place = (userId: string, connectionId = `${userId}’s`, roomId = HALL) => ({ roomId, userId, connectionId })
  const said = () => told.map(({ at, typers }) => [at, ...typers])

  it('the first one is told at once, the next ones together TYPING_TELL_MS later', async () => {
    typing.set(place('kim'))
    expect(said()).toEqual([[0, 'kim']])
    await clock.pass(100)
    for (const user of ['lee', 'park', 'min']) typing.set(place(user))
    await clock.pass(TYPING_TELL_MS - 101)
    expect(told).toHaveLength(1)
    await clock.pass(1)
    expect(said()).toEqual([
      [0, 'kim'],
      [TYPING_TELL_MS, 'kim', 'lee', 'park', 'min']
    ])
    expect(told[1]?.before).toEqual(['kim'])
  })

  it('is repeated every TYPING_REFRESH_MS while it lasts, and a repeat by the typist alone tells nothing', async () => {
    for (let second = 0; second < 12; second++) {
      typing.set(place('kim'))
      await clock.pass(1_000)
    }
    expect(said()).toEqual([0, 1, 2, 3].map((nth) => [nth * TYPING_REFRESH_MS, 'kim']))
  })

  it('who does not repeat it is forgotten after TYPING_TTL_MS, and nothing is kept of the room then', async () => {
    typing.set(place('kim'))
    await clock.pass(TYPING_TTL_MS - 1)
    expect(said().at(-1)).toEqual([TYPING_REFRESH_MS, 'kim'])
    await clock.pass(1)
    expect(said().at(-1)).toEqual([TYPING_TTL_MS])
    expect(typing.size).toBe(1)
    await clock.pass(TYPING_TELL_MS)
    expect([typing.size, clock.waiting]).toEqual([0, 0])
    expect(typing.placesOf('kim’s')).toEqual([])
  })

  it('who stops and begins again within TYPING_TELL_MS is told of once; more often than that nothing is said', async () => {
    for (let flips = 0; flips < 50; flips++) {
      typing.set(place('kim'))
      await clock.pass(50)
      typing.unset(place('kim'))
      await clock.pass(50)
    }
    const times = told.map(({ at }) => at)
    expect(times.slice(1).every((at, index) => at - (times[index] ?? 0) >= TYPING_TELL_MS)).toBe(true)
    expect(times.length).toBeGreaterThan(3)
    await clock.pass(TYPING_TELL_MS)
    expect(told.at(-1)?.typers).toEqual([])
  })

  it('a user with two devices types as long as one of them does', async () => {
    typing.set(place('kim', 'one'))
    typing.set(place('kim', 'two'))
    typing.unset(place('kim', 'one'))
    await clock.pass(TYPING_TELL_MS)
    expect(said()).toEqual([[0, 'kim']])
    typing.unset(place('kim', 'two'))
    expect(said().at(-1)).toEqual([TYPING_TELL_MS])
  })

  it('the end in a room counts for all devices of the user, and for that room alone', async () => {
    for (const connection of ['one', 'two']) typing.set(place('kim', connection))
    typing.set(place('kim', 'one', 'attic'))
    await clock.pass(TYPING_TELL_MS)
    typing.end(HALL, 'kim')
    typing.end(HALL, 'somebody')
    expect(said().at(-1)).toEqual([TYPING_TELL_MS])
    expect(typing.placesOf('one')).toEqual([place('kim', 'one', 'attic')])
    expect(typing.placesOf('two')).toEqual([])
  })

  it('rooms know nothing of each other', () => {
    typing.set(place('kim'))
    typing.set(place('lee', 'lee’s', 'attic'))
    expect(told.map(({ roomId, typers }) => [roomId, ...typers])).toEqual([
      [HALL, 'kim'],
      ['attic', 'lee']
    ])
  })

  it('a clock that is set back keeps nobody typing, and holds up nothing', async () => {
    typing.set(place('kim'))
    clock.ms -= 3_600_000
    typing.set(place('lee'))
    expect(said().at(-1)?.slice(1)).toEqual(['lee'])
    await clock.pass(TYPING_TTL_MS)
    expect(said().at(-1)?.slice(1)).toEqual([])
  })

  it('after the stop nothing is told', async () => {
    typing.set(place('kim'))
    typing.set(place('lee'))
    typing.stop()
    await clock.pass(TYPING_TTL_MS)
    expect(told).toHaveLength(1)
  })

  it(`whatever comes: nobody is wrong about who types for longer than TYPING_TELL_MS (seed ${firstSeed()})`, async () => {
    const random = seededRandom(firstSeed())
    const below = (end: number): number => Math.floor(random() * end)
    const until = new Map<string, Map<string, number>>()
    for (let step = 0; step < 3_000; step++) {
      const at = place(`user ${below(6)}`, `c${below(2)}`)
      const own = until.get(at.userId) ?? new Map<string, number>()
      until.set(at.userId, own)
      const connectionId = `${at.userId} ${at.connectionId}`
      if (below(3) > 0) {
        typing.set({ ...at, connectionId })
        own.set(connectionId, clock.ms + TYPING_TTL_MS)
      } else if (below(2) > 0) {
        typing.unset({ ...at, connectionId })
        own.delete(connectionId)
      } else {
        typing.end(HALL, at.userId)
        own.clear()
      }
      await clock.pass(below(4) === 0 ? below(9_000) : below(300))
      const types = [...until].flatMap(([userId, ends]) =>
        [...ends.values()].some((end) => end > clock.ms) ? [userId] : []
      )
      const last = told.at(-1)
      if (types.toSorted().join() === (last?.typers ?? []).toSorted().join()) continue
      expect(clock.ms - began - (last?.at ?? -Infinity)).toBeLessThan(TYPING_TELL_MS)
    }
    const pauses = told.slice(1).map(({ at }, index) => at - (told[index]?.at ?? 0))
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(TYPING_TELL_MS)
  })
})
