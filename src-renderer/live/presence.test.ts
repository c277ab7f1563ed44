import { BehaviorSubject, Subject } from 'rxjs'
import type { Subscription } from 'rxjs'
import { expect, test } from 'vitest'
import { MAX_WATCHED_USERS } from '../../protocol/limits.ts'
import type { PersonPresence } from '../../protocol/live.ts'
import type { PeopleTold } from '../connection/connection.ts'
import { createVirtualClock } from '../sync/testing/virtual-clock.ts'
import { createPresence, WATCH_GATHER_MS } from './presence.ts'
import type { Wants } from './presence.ts'

function screen() {
  const clock = createVirtualClock()
  const up = new BehaviorSubject(true)
  const active = new BehaviorSubject(true)
  const told = new Subject<PeopleTold>()
  const wants: Wants[] = []
  const presence = createPresence({ told, up, active, clock, want: (each) => wants.push(each) })
  const show = (userId: string) => {
    const seen: (PersonPresence['state'] | undefined)[] = []
    const subscription: Subscription = presence.watch(userId).subscribe((now) => seen.push(now?.state))
    return { seen, hide: () => subscription.unsubscribe() }
  }
  const tell = (all: boolean, ...people: [userId: string, state: PersonPresence['state']][]) =>
    told.next({ people: people.map(([userId, state]) => ({ userId, state })), all })
  return { clock, up, active, wants, show, tell, told, presence }
}

test('[S14.2] all who appear within WATCH_GATHER_MS are asked for at once, each once', async () => {
  const { clock, wants, show } = screen()
  show('ann')
  show('ann')
  await clock.advance(WATCH_GATHER_MS - 1)
  show('ben')
  expect(wants).toEqual([])
  await clock.advance(1)
  expect(wants).toEqual([{ active: true, watch: ['ben', 'ann'] }])
})

test('[S14.2] who is shown twice is watched until both are gone; who only blinks is not asked for again', async () => {
  const { clock, wants, show } = screen()
  const [first, second] = [show('ann'), show('ann')]
  await clock.advance(WATCH_GATHER_MS)
  first.hide()
  await clock.advance(WATCH_GATHER_MS)
  second.hide()
  show('ann').hide()
  const again = show('ann')
  await clock.advance(WATCH_GATHER_MS)
  expect(wants).toEqual([{ active: true, watch: ['ann'] }])
  again.hide()
  await clock.advance(WATCH_GATHER_MS)
  expect(wants.slice(1)).toEqual([{ active: true, watch: [] }])
})

test('[S14.2] at most MAX_WATCHED_USERS are asked for: those who appeared last; who leaves makes room', async () => {
  const { clock, wants, show } = screen()
  const people = Array.from({ length: MAX_WATCHED_USERS + 5 }, (_, at) => show(`user ${at}`))
  await clock.advance(WATCH_GATHER_MS)
  expect(wants[0]?.watch).toHaveLength(MAX_WATCHED_USERS)
  expect(wants[0]?.watch[0]).toBe(`user ${MAX_WATCHED_USERS + 4}`)
  expect(wants[0]?.watch).not.toContain('user 4')
  for (const { hide } of people.slice(-5)) hide()
  await clock.advance(WATCH_GATHER_MS)
  expect(wants[1]?.watch).toContain('user 4')
})

test('[S14.2] an answer is the whole truth, what comes by itself a change; who is not watched is not kept', async () => {
  const { clock, show, tell } = screen()
  const [ann, ben] = [show('ann'), show('ben')]
  await clock.advance(WATCH_GATHER_MS)
  tell(true, ['ann', 'online'], ['ben', 'offline'], ['somebody', 'online'])
  tell(false, ['ann', 'away'])
  tell(true, ['ben', 'offline'])
  expect(ann.seen).toEqual([undefined, 'online', 'away', undefined])
  expect(ben.seen).toEqual([undefined, 'offline'])
  expect(show('somebody').seen).toEqual([undefined])
})

test('[S14.2] another time of being seen is a change', async () => {
  const { clock, presence, told } = screen()
  const seen: unknown[] = []
  presence.watch('ann').subscribe((now) => seen.push(now?.lastSeenAt))
  await clock.advance(WATCH_GATHER_MS)
  for (const lastSeenAt of ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z', '2026-01-01T00:05:00.000Z'])
    told.next({ people: [{ userId: 'ann', state: 'offline', lastSeenAt }], all: false })
  expect(seen).toEqual([undefined, '2026-01-01T00:00:00.000Z', '2026-01-01T00:05:00.000Z'])
})

test('[S14] without a connection nothing is known: not offline, but unknown', async () => {
  const { clock, up, show, tell } = screen()
  const { seen } = show('ann')
  await clock.advance(WATCH_GATHER_MS)
  tell(true, ['ann', 'online'])
  up.next(false)
  expect(seen).toEqual([undefined, 'online', undefined])
  expect(show('ann').seen).toEqual([undefined])
})

test('[S14.2] who comes back after the relay was told that they are gone is not shown as before', async () => {
  const { clock, show, tell } = screen()
  const { hide } = show('ann')
  await clock.advance(WATCH_GATHER_MS)
  tell(true, ['ann', 'online'])
  hide()
  const blink = show('ann')
  expect(blink.seen).toEqual(['online'])
  blink.hide()
  await clock.advance(WATCH_GATHER_MS)
  expect(show('ann').seen).toEqual([undefined])
})

test('[S14.2] whether the user is active is said when it changes', async () => {
  const { clock, active, wants } = screen()
  active.next(true)
  await clock.advance(WATCH_GATHER_MS)
  expect(wants).toEqual([])
  active.next(false)
  await clock.advance(WATCH_GATHER_MS)
  active.next(true)
  active.next(false)
  await clock.advance(WATCH_GATHER_MS)
  active.next(true)
  await clock.advance(WATCH_GATHER_MS)
  expect(wants.map((each) => each.active)).toEqual([false, true])
})
