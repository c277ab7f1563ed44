import { BehaviorSubject, Subject } from 'rxjs'
import { expect, test } from 'vitest'
import { TYPING_RECEIVER_TTL_MS } from '../../protocol/limits.ts'
import type { TypingTold } from '../../protocol/live.ts'
import { createVirtualClock } from '../sync/testing/virtual-clock.ts'
import { createTypingIn } from './typing-in.ts'
import type { TypingNow } from './typing-in.ts'

function reader(asides: Record<string, string> = {}) {
  const clock = createVirtualClock()
  const up = new BehaviorSubject(true)
  const told = new Subject<TypingTold>()
  const typing = createTypingIn({ told, up, clock, parentOf: (id) => asides[id] })
  const watch = (roomId: string) => {
    const seen: (TypingNow | null)[] = []
    const subscription = typing.watch(roomId).subscribe((now) => seen.push(now))
    return { seen, end: () => subscription.unsubscribe() }
  }
  const tell = (roomId: string, ...userIds: string[]) => told.next({ roomId, userIds, count: userIds.length })
  return { clock, up, told, tell, typing, watch }
}

const one = (userId: string): TypingNow => ({ userIds: [userId], count: 1, aside: false })

test('[S14.1] a frame replaces what was said before, also with nobody', () => {
  const { told, tell, watch } = reader()
  const { seen } = watch('hall')
  tell('hall', 'ann')
  told.next({ roomId: 'hall', userIds: ['ann', 'ben', 'cho'], count: 900 })
  tell('hall')
  expect(seen).toEqual([null, one('ann'), { userIds: ['ann', 'ben', 'cho'], count: 900, aside: false }, null])
})

test('[S14.1] forgotten TYPING_RECEIVER_TTL_MS after the last frame about it, not before', async () => {
  const { clock, tell, watch } = reader()
  const { seen } = watch('hall')
  tell('hall', 'ann')
  await clock.advance(4_000)
  tell('hall', 'ann')
  await clock.advance(TYPING_RECEIVER_TTL_MS - 1)
  expect(seen).toEqual([null, one('ann')])
  await clock.advance(1)
  expect(seen).toEqual([null, one('ann'), null])
})

test('[S14] what was heard ends with the connection', async () => {
  const { clock, up, tell, watch } = reader()
  const [hall, garden] = [watch('hall'), watch('garden')]
  tell('hall', 'ann')
  tell('garden', 'ben')
  up.next(false)
  expect([hall.seen.at(-1), garden.seen.at(-1)]).toEqual([null, null])
  up.next(true)
  await clock.advance(TYPING_RECEIVER_TTL_MS)
  expect([hall.seen.length, garden.seen.length]).toEqual([3, 3])
})

test('each room is told of its own: 500 that are watched hear nothing of one', () => {
  const { tell, watch } = reader()
  const rooms = Array.from({ length: 500 }, (_, at) => watch(`room ${at}`))
  tell('room 7', 'ann')
  expect(rooms.filter(({ seen }) => seen.length > 1)).toEqual([rooms[7]])
  expect(rooms[7]?.seen).toEqual([null, one('ann')])
})

test('who begins to look later sees who types now, and who looks no more hears nothing', () => {
  const { tell, watch } = reader()
  tell('hall', 'ann')
  const { seen, end } = watch('hall')
  expect(seen).toEqual([one('ann')])
  end()
  tell('hall')
  expect(seen).toHaveLength(1)
  expect(watch('hall').seen).toEqual([null])
})

test('[S11.5] what is typed aside stands in the room of the aside, marked, behind what is typed for all', () => {
  const { tell, watch } = reader({ 'an aside': 'hall' })
  const { seen } = watch('hall')
  const aside = watch('an aside').seen
  tell('an aside', 'ann')
  tell('hall', 'ben')
  tell('hall')
  tell('an aside')
  expect(seen).toEqual([null, { ...one('ann'), aside: true }, one('ben'), { ...one('ann'), aside: true }, null])
  expect(aside).toEqual([null])
})

test('[S14.1] each of a room and its asides expires by itself', async () => {
  const { clock, tell, watch } = reader({ 'an aside': 'hall' })
  const { seen } = watch('hall')
  tell('hall', 'ben')
  await clock.advance(1_000)
  tell('an aside', 'ann')
  await clock.advance(TYPING_RECEIVER_TTL_MS - 1_000)
  expect(seen.at(-1)).toEqual({ ...one('ann'), aside: true })
  await clock.advance(1_000)
  expect(seen.at(-1)).toBeNull()
})
