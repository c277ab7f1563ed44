// A device without space left: what is new is tried by itself, old history waits and goes on by itself.
import { expect, test } from 'vitest'
import { StorageFullError } from '../store/storage-full.ts'
import { createModelDevice } from './testing/model-device.ts'
import type { ModelDevice } from './testing/model-device.ts'
import { createModelWorld } from './testing/model-world.ts'
import type { ModelWorld } from './testing/model-world.ts'
import { FULL_PAUSE_MS } from './scarce-space.ts'

/** A tablet of Anna's which holds the newest page, and finds no space for the 2,000 older messages. */
async function fullTablet(world: ModelWorld): Promise<ModelDevice> {
  const { relay, clock, random, anna } = world
  world.benSays(2_000)
  const tablet = createModelDevice({ relay, clock, random, userId: anna.userId, history: true })
  const pages = (): number => tablet.calls.filter((call) => call === `applyPage ${world.room}`).length
  tablet.storeFails = (call) => call === `applyPage ${world.room}` && pages() > 0 && new StorageFullError('full')
  tablet.link.connect()
  await clock.advance(20_000)
  return tablet
}

const pulledPages = ({ relay }: ModelWorld, from: number): number =>
  relay.heard.pulls.slice(from).filter(({ wants }) => wants.some((want) => want.kind === 'page' && want.before)).length

test('[S9.5] history pauses while the device is full, is tried again ever more seldom, and goes on once there is space', async () => {
  const world = await createModelWorld()
  const { clock, relay, room } = world
  const tablet = await fullTablet(world)
  const before = relay.heard.pulls.length
  await clock.advance(60 * 60_000)
  const tries = pulledPages(world, before)
  expect(tries).toBeGreaterThanOrEqual(8)
  expect(tries).toBeLessThanOrEqual(40)
  expect(tablet.problems.length).toBeLessThan(40)
  tablet.storeFails = () => false
  await clock.advance(10 * 60_000)
  expect(tablet.state(room)?.ranges).toEqual([[1, 2_001]])
  expect(tablet.records(room)).toEqual(relay.records(room))
})

test('what is new comes on a device that is too full for history, and what found no space itself is tried again', async () => {
  const world = await createModelWorld()
  const { clock, relay, room } = world
  const tablet = await fullTablet(world)
  world.benSays(1)
  await clock.advance(500)
  expect(tablet.state(room)?.headSeq).toBe(2_002)
  const fails = tablet.storeFails
  const before = relay.heard.pulls.length
  tablet.storeFails = (call) => call.startsWith('apply') && new StorageFullError('full')
  world.benSays(1)
  await clock.advance(20 * 60_000)
  expect(tablet.state(room)?.headSeq).toBe(2_002)
  expect(relay.heard.pulls.length - before).toBeLessThan(400)
  tablet.storeFails = fails
  await clock.advance(2 * FULL_PAUSE_MS)
  expect(tablet.state(room)?.headSeq).toBe(2_003)
})
