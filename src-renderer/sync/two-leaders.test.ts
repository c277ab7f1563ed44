// Without Web Locks (plain http on a LAN) two windows may both believe for a moment that they lead: both sync one store as one device.
import { expect, test } from 'vitest'
import { newId } from '../../protocol/values.ts'
import { createMemorySyncStore, emptyDisk } from '../store/memory-sync-store.ts'
import { startSync } from './start-sync.ts'
import { createModelDevice } from './testing/model-device.ts'
import { createModelLink } from './testing/model-link.ts'
import { createModelWorld } from './testing/model-world.ts'

test('[S2] [S10] two leading windows send everything once, and claim no more of the records than is there', async () => {
  for (let seed = 1; seed <= 10; seed++) {
    const world = await createModelWorld({ seed })
    const { relay, clock, random, anna, roomId, room } = world
    const store = createMemorySyncStore(emptyDisk())
    const deviceId = newId()
    const links = [0, 1].map(() => createModelLink(relay, { deviceId, userId: anna.userId }, clock, random))
    const problems: unknown[] = []
    const copied: string[] = []
    const syncs = links.map(({ connection }) =>
      startSync({
        store,
        connection,
        userId: anna.userId,
        clock,
        random,
        onProblem: (problem) => problems.push(problem),
        onCopiedProfile: (old) => copied.push(old)
      })
    )
    const entries: string[] = []
    for (const link of links) {
      link.connect()
      link.faults = { delayMs: 60, loseHint: 0.2, doubleHint: 0.2, loseRequest: 0, loseAnswer: 0.1 }
      link.reconnectMs = 200
    }
    for (let step = 0; step < 60; step++) {
      const sentAt = '2026-01-01T00:00:00.000Z'
      entries.push(store.append({ type: 'message.send', roomId, messageId: newId(), body: `${step}`, sentAt }))
      if (step % 10 === 0) world.benSays(20)
      if (random() < 0.1) links[step % 2]?.cut()
      if (random() < 0.3) for (const link of links) link.connect()
      await clock.advance(random() * 120)
    }
    for (const link of links) {
      link.faults = { delayMs: 0, loseHint: 0, doubleHint: 0, loseRequest: 0, loseAnswer: 0 }
      link.cut()
      link.connect()
    }
    await clock.advance(30_000)
    expect(entries.map((id) => relay.applied.get(id))).toEqual(entries.map(() => 1))
    expect(store.disk.outbox.size).toBe(0)
    expect(copied).toEqual([])
    const state = store.disk.streams.get(room)
    expect(state).toMatchObject({ checkpoint: relay.head(room), ranges: [[1, relay.records(room).length - 3]] })
    const held = [...(store.disk.records.get(room)?.values() ?? [])].map(({ record }) => record)
    expect(held.toSorted((a, b) => a.rev - b.rev)).toEqual(relay.records(room))
    for (const sync of syncs) await sync.stop()
  }
})

test('[S12] three devices of one person agree on what was read', async () => {
  const world = await createModelWorld({ history: true })
  const { relay, clock, random, anna, roomId } = world
  const user = `user:${anna.userId}` as const
  world.benSays(30)
  await clock.advance(100)
  const others = [1, 2].map(() => createModelDevice({ relay, clock, random, userId: anna.userId, history: true }))
  const devices = [anna, ...others]
  for (const device of devices) device.link.connect()
  await clock.advance(1_000)
  anna.link.cut()
  others[0]?.store.append({ type: 'read.mark', roomId, seq: 12 })
  anna.store.append({ type: 'read.mark', roomId, seq: 25 })
  others[1]?.store.append({ type: 'read.mark', roomId, seq: 18 })
  await clock.advance(1_000)
  anna.link.connect()
  await clock.advance(1_000)
  for (const device of devices) {
    expect(device.records(user)).toEqual(relay.records(user))
    expect(device.records(user)).toContainEqual(expect.objectContaining({ type: 'membership', readSeq: 25 }))
    expect(device.records(`reads:${roomId}`)).toEqual(relay.records(`reads:${roomId}`))
    expect(device.disk.outbox.size).toBe(0)
  }
})
