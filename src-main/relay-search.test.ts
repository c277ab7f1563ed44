import { beforeEach, expect, it } from 'vitest'
import type { FoundRelay } from '../src-renderer/platform/bridge.ts'
import { createRelaySearch, LOOKS_ON_FOR_MS } from './relay-search.ts'

const RELAY: FoundRelay = { relayId: 'r1', name: 'Home', url: 'http://192.168.0.10:4100' }

let browsing: ((relays: readonly FoundRelay[]) => void)[]
let timers: { ms: number; work: () => void }[]
let ask: () => readonly FoundRelay[]

beforeEach(() => {
  browsing = []
  timers = []
  ask = createRelaySearch({
    find: ({ onChange }) => {
      browsing.push(onChange)
      return () => void (browsing = browsing.filter((each) => each !== onChange))
    },
    after: (ms, work) => {
      const timer = { ms, work }
      timers.push(timer)
      return () => void (timers = timers.filter((each) => each !== timer))
    }
  })
})

it('nobody looks before somebody asks', () => {
  expect(browsing).toEqual([])
})

it('the first question begins it, the next ones hear what was found; several windows share one search', () => {
  expect(ask()).toEqual([])
  ask()
  expect(browsing).toHaveLength(1)
  browsing[0]?.([RELAY])
  expect(ask()).toEqual([RELAY])
  browsing[0]?.([])
  expect(ask()).toEqual([])
})

it('ends when nobody has asked for a while, and begins anew', () => {
  ask()
  browsing[0]?.([RELAY])
  ask()
  expect(timers.map(({ ms }) => ms)).toEqual([LOOKS_ON_FOR_MS])
  timers[0]?.work()
  expect(browsing).toEqual([])
  expect(ask()).toEqual([])
  expect(browsing).toHaveLength(1)
})
