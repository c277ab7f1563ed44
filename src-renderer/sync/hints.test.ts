import { expect, test } from 'vitest'
import { HINT_PATIENCE_MS, HINT_PULL_JITTER_MS } from '../../protocol/limits.ts'
import type { Changed } from '../../protocol/socket.ts'
import { createModelWorld } from './testing/model-world.ts'
import type { ModelWorld } from './testing/model-world.ts'

/** Holds Anna's hints for the room back until they are handed over. */
function holdHints({ anna, room }: ModelWorld): Changed[] {
  const held: Changed[] = []
  anna.link.filter = (hint) => {
    if (hint.stream === room) held.push(hint)
    return hint.stream !== room
  }
  return held
}

const hear = ({ anna }: ModelWorld, hint: Changed | undefined): void => {
  if (hint) anna.link.deliver(hint)
}

test('[S7.1] a hint that follows the position is applied, and the position becomes its end', async () => {
  const world = await createModelWorld()
  world.benSays(1)
  await world.clock.advance(0)
  expect(world.anna.state(world.room)?.checkpoint).toBe(world.relay.head(world.room))
})

test('[S7.1] a hint twice changes nothing the second time', async () => {
  const world = await createModelWorld()
  const held = holdHints(world)
  world.benSays(1)
  await world.clock.advance(0)
  hear(world, held[0])
  await world.clock.advance(10)
  const calls = world.anna.calls.length
  hear(world, held[0])
  await world.clock.advance(1_000)
  expect(world.anna.calls).toHaveLength(calls)
  expect(world.messages(world.anna)).toHaveLength(2)
})

test('[S7.2] an early hint waits for its predecessor, and no pull is sent when that comes in time', async () => {
  const world = await createModelWorld()
  const { relay, clock, anna, room } = world
  const held = holdHints(world)
  world.benSays(3)
  await clock.advance(0)
  const pulls = relay.heard.pulls.length
  hear(world, held[2])
  hear(world, held[1])
  await clock.advance(HINT_PATIENCE_MS - 10)
  expect(world.messages(anna)).toHaveLength(1)
  hear(world, held[0])
  await clock.advance(1_000)
  expect(world.messages(anna)).toHaveLength(4)
  expect(anna.state(room)?.checkpoint).toBe(relay.head(room))
  expect(relay.heard.pulls).toHaveLength(pulls)
})

test('[S7.2] a lost hint is made good by one pull after the patience and a jitter', async () => {
  const world = await createModelWorld()
  const { relay, clock, anna } = world
  const held = holdHints(world)
  world.benSays(5)
  await clock.advance(0)
  const pulls = relay.heard.pulls.length
  for (const hint of held.slice(1)) hear(world, hint)
  await clock.advance(HINT_PATIENCE_MS - 1)
  expect(relay.heard.pulls).toHaveLength(pulls)
  await clock.advance(HINT_PULL_JITTER_MS + 1)
  expect(relay.heard.pulls).toHaveLength(pulls + 1)
  await clock.advance(1_000)
  expect(relay.heard.pulls).toHaveLength(pulls + 1)
  expect(world.messages(anna)).toHaveLength(6)
})

test('[S7.1] a late hint is ignored after the pull that made it good', async () => {
  const world = await createModelWorld()
  const { relay, clock, anna, room } = world
  const held = holdHints(world)
  world.benSays(2)
  await clock.advance(0)
  hear(world, held[1])
  await clock.advance(1_000)
  const state = anna.state(room)
  hear(world, held[0])
  await clock.advance(1_000)
  expect(anna.state(room)).toEqual(state)
  expect(anna.records(room)).toEqual(relay.records(room))
})

test('[S7.3] hints that come during a pull of their stream are kept until its result is applied', async () => {
  const world = await createModelWorld()
  const { relay, clock, anna, room } = world
  anna.link.cut()
  world.benSays(3)
  anna.link.faults = { ...anna.link.faults, delayMs: 400 }
  anna.link.connect()
  world.benSays(4, 'during the pull')
  await clock.advance(2_000)
  anna.link.faults = { ...anna.link.faults, delayMs: 0 }
  world.benSays(1, 'after it')
  await clock.advance(2_000)
  expect(anna.records(room)).toEqual(relay.records(room))
  expect(anna.state(room)).toMatchObject({ checkpoint: relay.head(room), ranges: [[1, 9]] })
})

test('[S7] a hint without records is a pull, spread by a jitter', async () => {
  const world = await createModelWorld()
  const { relay, clock, anna, room } = world
  relay.maxHintRecords = 0
  const pulls = relay.heard.pulls.length
  world.benSays(1)
  await clock.advance(HINT_PULL_JITTER_MS + 10)
  expect(anna.records(room)).toEqual(relay.records(room))
  expect(relay.heard.pulls.length).toBeGreaterThan(pulls)
})

test('[S15] hints that come while the store is busy are stored together', async () => {
  const world = await createModelWorld()
  const { clock, anna, room } = world
  anna.storeDelayMs = 50
  anna.calls.length = 0
  world.benSays(40)
  await clock.advance(1_000)
  expect(world.messages(anna)).toHaveLength(41)
  expect(anna.calls.filter((call) => call === `applyRecords ${room}`)).toHaveLength(2)
})
