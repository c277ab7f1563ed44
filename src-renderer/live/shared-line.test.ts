import { BehaviorSubject, Subject } from 'rxjs'
import { expect, test } from 'vitest'
import { ProtocolError } from '../../protocol/errors.ts'
import { MAX_WATCHED_USERS } from '../../protocol/limits.ts'
import type { Presence, TypingTold } from '../../protocol/live.ts'
import { ConnectionLostError } from '../connection/connection.ts'
import type { PeopleTold } from '../connection/connection.ts'
import { createVirtualClock } from '../sync/testing/virtual-clock.ts'
import type { VirtualClock } from '../sync/testing/virtual-clock.ts'
import type { LiveBus, LiveMessage } from './live-bus.ts'
import { ASK_WANTS_MS, PRESENCE_RETRY_MS, startSharedLine } from './shared-line.ts'

/** Buses between which messages travel in no time; none hears itself. */
function busses(): () => LiveBus {
  const ears = new Map<object, (message: LiveMessage) => void>()
  return () => {
    const own = {}
    let closed = false
    return {
      send: (message) => {
        if (closed) throw new Error('the channel is closed')
        const sent = structuredClone(message)
        for (const [other, hear] of ears) if (other !== own) hear(sent)
      },
      listen: (hear) => {
        ears.set(own, hear)
        return () => ears.delete(own)
      },
      close: () => {
        closed = true
        ears.delete(own)
      }
    }
  }
}

function openWindow(bus: LiveBus, up: BehaviorSubject<boolean>, clock: VirtualClock) {
  const problems: unknown[] = []
  const line = startSharedLine({ bus, up, clock, onProblem: (problem) => problems.push(problem) })
  const heard: unknown[] = []
  line.typing.subscribe((told) => heard.push(told))
  line.people.subscribe(({ people, all }) => heard.push([all, ...people.map(({ userId }) => userId)]))
  return { line, heard, problems }
}

function connection() {
  const said: (Presence | string)[] = []
  const typing = new Subject<TypingTold>()
  const people = new Subject<PeopleTold>()
  const fail: Error[] = []
  const take = async (what: Presence | string): Promise<void> => {
    said.push(what)
    const failure = fail.shift()
    if (failure) throw failure
  }
  return {
    said,
    typing,
    people,
    /** What the next ones fail with. */
    fail,
    tellTyping: async ({ roomId, typing }: { roomId: string; typing: boolean }) => take(`${roomId} ${typing}`),
    tellPresence: take
  }
}

function world() {
  const clock = createVirtualClock()
  const up = new BehaviorSubject(false)
  const bus = busses()
  const windowOf = () => openWindow(bus(), up, clock)
  const [leader, follower] = [windowOf(), windowOf()]
  const relay = connection()
  leader.line.lead(relay)
  up.next(true)
  return { clock, up, leader, follower, relay, windowOf, bus }
}

const person = (userId: string) => ({ userId, state: 'online' as const })

test('[S14.2] the relay is asked for what all windows show together, who asked last first, and only when it changes', () => {
  const { leader, follower, relay } = world()
  expect(relay.said).toEqual([])
  leader.line.want({ active: true, watch: ['ann', 'ben'] })
  follower.line.want({ active: true, watch: ['ben', 'cho'] })
  expect(relay.said).toEqual([{ watch: ['ann', 'ben'] }, { watch: ['ann', 'ben', 'cho'] }])
  follower.line.want({ active: true, watch: ['ann'] })
  follower.line.want({ active: true, watch: ['ben'] })
  expect(relay.said.slice(2)).toEqual([{ watch: ['ann', 'ben'] }])
})

test('[S14.2] however many windows, at most MAX_WATCHED_USERS are watched', () => {
  const { leader, follower, relay } = world()
  const many = (name: string) => Array.from({ length: MAX_WATCHED_USERS }, (_, at) => `${name} ${at}`)
  leader.line.want({ active: true, watch: many('a') })
  follower.line.want({ active: true, watch: many('b') })
  expect(relay.said).toEqual([{ watch: many('a') }])
})

test('[S14.2] the user is active while one window says so', () => {
  const { leader, follower, relay } = world()
  leader.line.want({ active: false, watch: [] })
  expect(relay.said).toEqual([])
  follower.line.want({ active: false, watch: [] })
  follower.line.want({ active: true, watch: [] })
  expect(relay.said).toEqual([{ active: false }, { active: true }])
})

test('what the relay tells is told in every window; what nobody asked the relay for, a new window hears from the leading one', () => {
  const { leader, follower, relay, windowOf } = world()
  leader.line.want({ active: true, watch: ['ann', 'ben'] })
  relay.people.next({ people: [person('ann'), person('ben')], all: true })
  relay.people.next({ people: [{ ...person('ann'), state: 'away' }], all: false })
  const typing = { roomId: 'hall', userIds: ['ann'], count: 1 }
  relay.typing.next(typing)
  const told = [[true, 'ann', 'ben'], [false, 'ann'], typing]
  expect(leader.heard).toEqual(told)
  expect(follower.heard).toEqual(told)
  const late = windowOf()
  late.line.want({ active: true, watch: ['ann'] })
  expect(late.heard).toContainEqual([true, 'ann', 'ben'])
  expect(relay.said).toEqual([{ watch: ['ann', 'ben'] }])
})

test('[S14.1] what is typed in any window goes to the relay by the one that leads, and to no other window', () => {
  const { up, leader, follower, relay } = world()
  follower.line.tellTyping({ roomId: 'hall', typing: true })
  leader.line.tellTyping({ roomId: 'garden', typing: true })
  expect(relay.said).toEqual(['hall true', 'garden true'])
  up.next(false)
  follower.line.tellTyping({ roomId: 'hall', typing: true })
  leader.line.tellTyping({ roomId: 'hall', typing: true })
  up.next(true)
  expect(relay.said).toHaveLength(2)
  expect(follower.heard).toEqual([])
})

test('[S14.2] each new connection is told anew of everybody, also of what changed meanwhile', () => {
  const { up, leader, follower, relay } = world()
  follower.line.want({ active: true, watch: ['ann'] })
  up.next(false)
  leader.line.want({ active: false, watch: ['ben'] })
  follower.line.want({ active: false, watch: ['ann'] })
  expect(relay.said).toEqual([{ watch: ['ann'] }])
  up.next(true)
  expect(relay.said.slice(1)).toEqual([{ active: false, watch: ['ben', 'ann'] }])
})

test('[S14.2] a window that is alone tells each new connection by itself', () => {
  const { up, leader, follower, relay } = world()
  follower.line.stop()
  leader.line.want({ active: false, watch: ['ann'] })
  up.next(false)
  up.next(true)
  const both = { active: false, watch: ['ann'] }
  expect(relay.said).toEqual([both, both])
})

test('a new leading window learns what the others want, and tells its connection', () => {
  const { up, leader, follower, windowOf } = world()
  const third = windowOf()
  follower.line.want({ active: true, watch: ['ann'] })
  third.line.want({ active: false, watch: ['ben'] })
  leader.line.stop()
  const relay = connection()
  follower.line.lead(relay)
  up.next(false)
  up.next(true)
  expect(relay.said).toEqual([{ watch: ['ann', 'ben'] }])
})

test('a window that says goodbye is watched for no more; one that is there stays, however long it has nothing to say', async () => {
  const { clock, relay, windowOf } = world()
  const [polite, silent] = [windowOf(), windowOf()]
  polite.line.want({ active: true, watch: ['ann'] })
  silent.line.want({ active: true, watch: ['ben'] })
  relay.said.length = 0
  polite.line.stop()
  expect(relay.said).toEqual([{ watch: ['ben'] }])
  await clock.advance(10 * ASK_WANTS_MS)
  expect(relay.said).toHaveLength(1)
})

test('a window that answers no more is gone after a while, its activity too', async () => {
  const { clock, leader, follower, relay, bus } = world()
  leader.line.want({ active: false, watch: [] })
  follower.line.want({ active: false, watch: [] })
  bus().send({ type: 'wants', window: 'crashed', active: true, watch: ['ann'], asks: true })
  relay.said.length = 0
  await clock.advance(2 * ASK_WANTS_MS)
  expect(relay.said).toEqual([])
  await clock.advance(ASK_WANTS_MS)
  expect(relay.said).toEqual([{ active: false, watch: [] }])
})

test("[S14] what is refused or lost with the connection is nobody's problem; too often is said again, once, later", async () => {
  const { clock, leader, relay } = world()
  relay.fail.push(new ConnectionLostError('gone'), new ProtocolError('room-not-found', 'no'))
  leader.line.tellTyping({ roomId: 'hall', typing: true })
  leader.line.tellTyping({ roomId: 'hall', typing: true })
  relay.fail.push(new ProtocolError('rate-limited', 'slowly'))
  leader.line.want({ active: true, watch: ['ann'] })
  await clock.advance(PRESENCE_RETRY_MS - 1)
  expect(relay.said).toHaveLength(3)
  await clock.advance(2 * PRESENCE_RETRY_MS)
  expect(relay.said.slice(3)).toEqual([{ active: true, watch: ['ann'] }])
  expect(leader.problems).toEqual([])
  relay.fail.push(new TypeError('a mistake of ours'))
  leader.line.want({ active: true, watch: [] })
  await clock.settle()
  expect(leader.problems).toEqual([new TypeError('a mistake of ours')])
})

test('another connection of the same window takes the place of the one before', () => {
  const { up, leader, relay } = world()
  leader.line.want({ active: true, watch: ['ann'] })
  const next = connection()
  leader.line.lead(next)
  up.next(false)
  up.next(true)
  expect(next.said).toEqual([{ watch: ['ann'] }])
  relay.typing.next({ roomId: 'hall', userIds: ['old'], count: 1 })
  expect(leader.heard).toEqual([])
})

test('a line that was stopped says nothing more, whatever is still asked of it', () => {
  const { leader, follower, relay, windowOf } = world()
  const other = windowOf()
  follower.line.stop()
  leader.line.stop()
  relay.said.length = 0
  for (const { line } of [leader, follower]) {
    line.tellTyping({ roomId: 'hall', typing: true })
    line.want({ active: false, watch: ['ann'] })
  }
  expect(relay.said).toEqual([])
  expect(other.heard).toEqual([])
})
