// The lane put together: what is typed aside, and what ends with it.
import { BehaviorSubject, Subject } from 'rxjs'
import { expect, test } from 'vitest'
import { asideRoomId } from '../../protocol/derived-ids.ts'
import type { Presence, Typing, TypingTold } from '../../protocol/live.ts'
import type { PeopleTold } from '../connection/connection.ts'
import { createVirtualClock } from '../sync/testing/virtual-clock.ts'
import { startLive } from './live.ts'
import { WATCH_GATHER_MS } from './presence.ts'

const [me, ann, ben] = ['me', 'ann', 'ben']
const HALL = 'hall'
const withAnn = asideRoomId(HALL, [me, ann])

function start(asides: ReadonlyMap<string, string> = new Map([[withAnn, HALL]])) {
  const clock = createVirtualClock()
  const up = new BehaviorSubject(false)
  const active = new BehaviorSubject(true)
  const said: (Presence | Typing)[] = []
  const typing = new Subject<TypingTold>()
  const people = new Subject<PeopleTold>()
  const rooms = new BehaviorSubject(asides)
  const live = startLive({
    userId: me,
    bus: { send: () => undefined, listen: () => () => undefined, close: () => undefined },
    up,
    active,
    asides: rooms,
    clock,
    onProblem: (problem) => {
      throw problem
    }
  })
  const take = async (each: Presence | Typing) => void said.push(each)
  live.lead({ typing, people, tellTyping: take, tellPresence: take })
  up.next(true)
  return { live, clock, up, active, rooms, said, typing }
}

test('[S11.5] words for a few are told in their aside, words for all in the room', () => {
  const { live, said } = start()
  live.ownTyping.keyed(HALL, [ann])
  live.ownTyping.keyed(HALL, null)
  expect(said).toEqual([
    { roomId: withAnn, typing: true },
    { roomId: withAnn, typing: false },
    { roomId: HALL, typing: true }
  ])
})

test('[S11.5] words for a few who have no aside yet are told nowhere, in the room least of all', () => {
  const { live, said, rooms } = start()
  live.ownTyping.keyed(HALL, [ann, ben])
  live.ownTyping.keyed(HALL, [ben])
  expect(said).toEqual([])
  const withBen = asideRoomId(HALL, [me, ben])
  rooms.next(new Map([[withBen, HALL]]))
  live.ownTyping.keyed(HALL, [ben])
  expect(said).toEqual([{ roomId: withBen, typing: true }])
})

test('[S11.5] turning to a few takes back what the room was told', () => {
  const { live, said } = start(new Map())
  live.ownTyping.keyed(HALL, null)
  live.ownTyping.keyed(HALL, [ann])
  expect(said).toEqual([
    { roomId: HALL, typing: true },
    { roomId: HALL, typing: false }
  ])
})

test('[S11.5] what others type in an aside is told in its room', () => {
  const { live, typing } = start()
  const seen: unknown[] = []
  live.watchTyping(HALL).subscribe((now) => seen.push(now?.aside))
  typing.next({ roomId: withAnn, userIds: [ann], count: 1 })
  expect(seen).toEqual([undefined, true])
})

test('[S14] a stopped lane takes back what was typed, and says nothing of what comes later', async () => {
  const { live, clock, active, said } = start()
  live.ownTyping.keyed(HALL, null)
  live.stop()
  active.next(false)
  live.ownTyping.keyed(HALL, null)
  await clock.advance(10 * WATCH_GATHER_MS)
  expect(said).toEqual([
    { roomId: HALL, typing: true },
    { roomId: HALL, typing: false }
  ])
})
