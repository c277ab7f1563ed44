import { BehaviorSubject } from 'rxjs'
import { afterEach, expect, test } from 'vitest'
import type { Clock } from '../connection/clock.ts'
import type { ConnectionStatus } from '../connection/connection.ts'
import { createNudgedClock } from './nudged-clock.ts'
import { ASK_STATUS_MS, startSharedSync, UNANSWERED_ASKS } from './shared-sync.ts'
import type { Led, SharedSync } from './shared-sync.ts'
import { createVirtualClock } from './testing/virtual-clock.ts'
import type { VirtualClock } from './testing/virtual-clock.ts'
import { openWindowBus } from './window-bus.ts'
import type { WindowBus, WindowMessage } from './window-bus.ts'

/** Buses between which messages travel in no time; none hears itself. */
function busses(): () => WindowBus {
  const ears = new Map<object, (message: WindowMessage) => void>()
  return () => {
    const own = {}
    return {
      send: (message) => {
        const sent = structuredClone(message)
        for (const [other, hear] of ears) if (other !== own) hear(sent)
      },
      listen: (hear) => {
        ears.set(own, hear)
        return () => ears.delete(own)
      },
      close: () => ears.delete(own)
    }
  }
}

interface Window {
  shared: SharedSync
  becomeLeader: () => void
  wake: () => void
  connection: BehaviorSubject<ConnectionStatus>
  calls: string[]
  status: () => ConnectionStatus
}

function openWindow(bus: WindowBus, clock: VirtualClock): Window {
  const calls: string[] = []
  const connection = new BehaviorSubject<ConnectionStatus>({ name: 'connecting' })
  const lead = (): Led => ({
    connection: {
      status: connection,
      connectNow: () => calls.push('connectNow'),
      stop: () => calls.push('connection.stop')
    },
    sync: {
      progress$: new BehaviorSubject({ done: 2, total: 3 }),
      history$: new BehaviorSubject({ held: 20, total: 30, paused: false }),
      pauseHistory: (paused) => calls.push(`pauseHistory ${paused}`),
      openRoom: (roomId) => calls.push(`openRoom ${roomId}`),
      loadOlder: async (roomId, before) => {
        calls.push(`loadOlder ${roomId} ${before}`)
        return before > 50
      },
      stop: async () => void calls.push('sync.stop')
    }
  })
  let becomeLeader = (): void => {}
  let wake = (): void => {}
  const shared = startSharedSync({
    bus,
    clock,
    leadership: new Promise<void>((resolve) => (becomeLeader = resolve)),
    lead,
    surroundings: {
      onWake: (run) => {
        wake = run
        return () => {}
      }
    }
  })
  let status: ConnectionStatus = { name: 'connecting' }
  shared.status.subscribe((now) => (status = now))
  return {
    shared,
    becomeLeader: () => becomeLeader(),
    wake: () => wake(),
    connection,
    calls,
    status: () => status
  }
}

async function twoWindows(): Promise<{ clock: VirtualClock; leader: Window; follower: Window; bus: () => WindowBus }> {
  const clock = createVirtualClock()
  const bus = busses()
  const [leader, follower] = [openWindow(bus(), clock), openWindow(bus(), clock)]
  leader.becomeLeader()
  await clock.settle()
  leader.calls.length = 0
  return { clock, leader, follower, bus }
}

test('the status of the leading window is that of all windows, at once', async () => {
  const { leader, follower } = await twoWindows()
  leader.connection.next({ name: 'connected' })
  expect([leader.status(), follower.status()]).toEqual([{ name: 'connected' }, { name: 'connected' }])
  const waiting: ConnectionStatus = { name: 'waiting', reason: 'unreachable', retryAt: 5 }
  leader.connection.next(waiting)
  expect(follower.status()).toEqual(waiting)
})

test('a window that opens later learns how things stand', async () => {
  const { clock, leader, bus } = await twoWindows()
  leader.connection.next({ name: 'connected' })
  const late = openWindow(bus(), clock)
  expect(late.status()).toEqual({ name: 'connected' })
  const progress: unknown[] = []
  late.shared.progress.subscribe((now) => progress.push(now))
  expect(progress).toEqual([{ done: 2, total: 3 }])
})

test('what a following window asks for, the leading one does, and answers', async () => {
  const { leader, follower } = await twoWindows()
  leader.connection.next({ name: 'connected' })
  follower.shared.connectNow()
  follower.shared.openRoom('kitchen')
  expect(await follower.shared.loadOlder('kitchen', 100)).toBe(true)
  expect(await follower.shared.loadOlder('kitchen', 7)).toBe(false)
  expect(leader.calls).toEqual(['connectNow', 'openRoom kitchen', 'loadOlder kitchen 100', 'loadOlder kitchen 7'])
  expect(follower.calls).toEqual([])
})

test('a window that is woken asks for a try, or a look at a connection that may be dead', async () => {
  const { leader, follower } = await twoWindows()
  leader.connection.next({ name: 'connected' })
  follower.wake()
  leader.connection.next({ name: 'waiting', reason: 'network', retryAt: 5 })
  follower.wake()
  expect(leader.calls).toEqual(['connectNow', 'connectNow'])
  leader.connection.next({ name: 'ended', reason: 'signed-out' })
  follower.wake()
  expect(leader.calls).toHaveLength(2)
})

test('[S9] a new leader hears from the others what they look at, and falls back to what is still looked at', async () => {
  const { clock, leader, follower, bus } = await twoWindows()
  const third = openWindow(bus(), clock)
  leader.connection.next({ name: 'connected' })
  third.shared.openRoom('garden')
  await leader.shared.stop()
  follower.becomeLeader()
  await clock.settle()
  expect(follower.calls.at(-1)).toBe('openRoom garden')
  follower.shared.openRoom('kitchen')
  expect(follower.calls.at(-1)).toBe('openRoom kitchen')
  follower.shared.openRoom(null)
  expect(follower.calls.at(-1)).toBe('openRoom garden')
  await third.shared.stop()
  expect(follower.calls.at(-1)).toBe('openRoom null')
})

test('old history is stopped from any window, and all see how far it is', async () => {
  const { leader, follower } = await twoWindows()
  const seen: unknown[] = []
  follower.shared.history.subscribe((now) => seen.push(now))
  leader.connection.next({ name: 'connected' })
  expect(seen.at(-1)).toEqual({ held: 20, total: 30, paused: false })
  follower.shared.pauseHistory(true)
  leader.shared.pauseHistory(false)
  expect(leader.calls).toEqual(['pauseHistory true', 'pauseHistory false'])
})

test('a hidden leading window whose timers sleep is kept going by the questions of the others', async () => {
  const clock = createVirtualClock()
  const asleep: Clock = { now: () => clock.now(), after: () => () => {} }
  const nudged = createNudgedClock(asleep)
  const ran: string[] = []
  nudged.after(200, () => ran.push('second'))
  nudged.after(100, () => ran.push('first'))
  nudged.after(150, () => ran.push('cancelled'))()
  nudged.after(5_000, () => ran.push('later'))
  await clock.advance(1_000)
  expect(ran).toEqual([])
  nudged.nudge()
  nudged.nudge()
  expect(ran).toEqual(['first', 'second'])
})

test('a clock that is awake runs each timer once', async () => {
  const clock = createVirtualClock()
  const nudged = createNudgedClock(clock)
  let ran = 0
  nudged.after(100, () => (ran += 1))
  await clock.advance(99)
  nudged.nudge()
  expect(ran).toBe(0)
  await clock.advance(10)
  nudged.nudge()
  expect(ran).toBe(1)
})

test('when the leading window is gone, the others show connecting, and the next leader goes on', async () => {
  const { clock, leader, follower } = await twoWindows()
  leader.connection.next({ name: 'connected' })
  follower.shared.openRoom('kitchen')
  await clock.advance(10 * ASK_STATUS_MS)
  expect(follower.status()).toEqual({ name: 'connected' })
  await leader.shared.stop()
  expect(leader.calls.slice(-2)).toEqual(['connection.stop', 'sync.stop'])
  const page = follower.shared.loadOlder('kitchen', 100)
  await clock.advance((UNANSWERED_ASKS + 1) * ASK_STATUS_MS)
  expect(follower.status()).toEqual({ name: 'connecting' })
  expect(await follower.shared.loadOlder('kitchen', 100)).toBe(false)

  follower.becomeLeader()
  await clock.settle()
  expect(await page).toBe(false)
  expect(follower.calls).toEqual(['openRoom kitchen'])
  follower.connection.next({ name: 'connected' })
  expect(follower.status()).toEqual({ name: 'connected' })
})

test('a window that was closed before it led does not begin to', async () => {
  const clock = createVirtualClock()
  const window = openWindow(busses()(), clock)
  await window.shared.stop()
  window.becomeLeader()
  await clock.settle()
  expect(window.calls).toEqual([])
})

const buses: WindowBus[] = []
afterEach(() => {
  for (const bus of buses.splice(0)) bus.close()
})

test('over real BroadcastChannels, what another version says is not heard', async () => {
  const [ours, theirs] = [openWindowBus('test'), openWindowBus('test')]
  const stranger = new BroadcastChannel('maru:test')
  buses.push(ours, theirs, { ...ours, close: () => stranger.close() })
  const heard: WindowMessage[] = []
  const first = new Promise<void>((resolve) => {
    ours.listen((message) => {
      heard.push(message)
      resolve()
    })
  })
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel has none
  stranger.postMessage({ type: 'status', status: { name: 'levitating' } })
  theirs.send({ type: 'open-room', window: 'w', roomId: null })
  await first
  expect(heard).toEqual([{ type: 'open-room', window: 'w', roomId: null }])
})

test('[S2.4] the leading window begins anew with another session: its room stays open, and all windows follow', async () => {
  const { leader, follower } = await twoWindows()
  leader.connection.next({ name: 'connected' })
  leader.shared.openRoom('kitchen')
  leader.calls.length = 0
  await leader.shared.restart()
  expect(leader.calls).toEqual(['connection.stop', 'sync.stop', 'openRoom kitchen'])
  leader.connection.next({ name: 'waiting', reason: 'unreachable', retryAt: 5 })
  expect(follower.status().name).toBe('waiting')
  await follower.shared.restart()
  expect(follower.calls).toEqual([])
})
