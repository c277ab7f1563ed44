// @vitest-environment node
// Random sends, edits, link faults, crashes and restarts of the relay, decided by a seed; afterwards everything must agree. A seed
// that fails is printed: put it into FIRST_SEED.
import { expect, test } from 'vitest'
import { recordKey } from '../../protocol/records.ts'
import type { StreamRecord } from '../../protocol/records.ts'
import { readsStream, roomOfStream, roomStream, USERS_STREAM, userStream } from '../../protocol/streams.ts'
import type { StreamId } from '../../protocol/streams.ts'
import { newId } from '../../protocol/values.ts'
import type { SeqRange } from '../store/sync-store.ts'
import { createModelDevice } from './testing/model-device.ts'
import type { ModelDevice } from './testing/model-device.ts'
import { createModelWorld } from './testing/model-world.ts'
import type { ModelWorld } from './testing/model-world.ts'

const FIRST_SEED = 1
const SEEDS = 20
/** In each run whose seed is a multiple of this, the relay may lose what it had and go back to a backup. */
const GOES_BACK_EVERY = 3
const STEPS = 60

interface Said {
  device: ModelDevice
  roomId: string
  messageId: string
}

test(
  `[S2, S3, S6 to S10] ${SEEDS} seeds: devices and relay agree after any mishaps`,
  { timeout: 120_000 },
  async () => {
    expect.hasAssertions()
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      try {
        await runSeed(seed)
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error })
      }
    }
  }
)

async function runSeed(seed: number): Promise<void> {
  const history = seed % 2 === 0
  const world = await createModelWorld({ seed, history })
  const { relay, clock, random, anna, ben, roomId } = world
  const tablet = createModelDevice({ relay, clock, random, userId: anna.userId, history })
  const devices = [anna, ben, tablet]
  const goesBack = seed % GOES_BACK_EVERY === 0
  let backup = relay.backup()
  const rooms = [roomId]
  const said: Said[] = []
  relay.maxRecords = pick(random, [40, 120, 1_000])
  relay.maxHintRecords = pick(random, [1, 3, 50])
  for (const device of devices) device.storeDelayMs = random() * 15

  for (let step = 0; step < STEPS; step++) {
    mishap(world, devices, rooms, said)
    if (goesBack && random() < 0.05) backup = relay.backup()
    if (goesBack && random() < 0.05) {
      for (const { link } of devices) link.cut()
      relay.restore(backup)
    }
    await clock.advance(random() * 300)
  }

  relay.stopped = null
  for (const device of devices) {
    device.link.faults = { delayMs: 20, loseHint: 0, doubleHint: 0, loseRequest: 0, loseAnswer: 0 }
    device.link.cut()
    device.link.connect()
  }
  await clock.advance(120_000)
  const streams = rooms.flatMap((each) => [roomStream(each), readsStream(each)])
  for (const device of devices) {
    for (const stream of streams) await loadAll(world, device, stream, goesBack)
  }
  for (const device of devices) {
    expect([...device.disk.outbox.values()].filter(({ state }) => state !== 'refused')).toEqual([])
    for (const stream of [USERS_STREAM, userStream(device.userId), ...streams] as const) {
      expectAgreement(world, device, stream, goesBack)
    }
  }
  if (goesBack) return
  expect([...relay.applied.values()].filter((times) => times !== 1)).toEqual([])
  const ids = new Set(
    rooms.flatMap((each) => relay.records(roomStream(each))).map((record) => 'id' in record && record.id)
  )
  expect(said.filter(({ messageId }) => !ids.has(messageId))).toEqual([])
}

/** One thing that may happen to a device, its link, or the relay. */
function mishap(world: ModelWorld, devices: readonly ModelDevice[], rooms: string[], said: Said[]): void {
  const { relay, clock, random, anna, ben } = world
  const device = pick(random, devices)
  const roomId = pick(random, rooms)
  const chance = random()
  if (chance < 0.35) {
    const messageId = device.say(roomId, `said ${said.length}`)
    said.push({ device, roomId, messageId })
  } else if (chance < 0.45) {
    const own = said.filter((each) => each.device.userId === device.userId)
    if (own.length === 0) return
    const { roomId: where, messageId } = pick(random, own)
    const edit = random() < 0.8 ? { body: `edited ${random()}` } : null
    // By the device that said it: another one's operations may come before the message.
    const by = own.find((each) => each.messageId === messageId)?.device ?? device
    if (edit) by.store.append({ type: 'message.edit', roomId: where, messageId, ...edit })
    else by.store.append({ type: 'message.delete', roomId: where, messageId })
  } else if (chance < 0.49) {
    const about = pick(random, [...said, null])
    if (about === null) device.store.append({ type: 'read.mark', roomId, seq: Math.floor(random() * 100) })
    else {
      const { roomId: where, messageId } = about
      const emoji = pick(random, ['👍', '🎉'])
      device.store.append({ type: 'reaction.set', roomId: where, messageId, emoji, set: random() < 0.6 })
    }
  } else if (chance < 0.55) {
    device.link.cut()
  } else if (chance < 0.7) {
    device.link.connect()
  } else if (chance < 0.78) {
    device.link.reconnectMs = 1_000
    device.link.faults = {
      delayMs: random() * 400,
      loseHint: random() * 0.4,
      doubleHint: random() * 0.4,
      loseRequest: random() * 0.2,
      loseAnswer: random() * 0.2
    }
  } else if (chance < 0.84) {
    device.crash()
    device.start()
    if (random() < 0.7) device.link.connect()
  } else if (chance < 0.87) {
    world.benSays(pick(random, [5, 80, 700]), 'flood')
  } else if (chance < 0.9) {
    const state = device.state(roomStream(roomId))
    const [low] = state?.ranges.at(-1) ?? [1, 1]
    void device.sync.loadOlder(roomId, low)
  } else if (chance < 0.93) {
    device.sync.openRoom(random() < 0.8 ? roomId : null)
  } else if (chance < 0.95) {
    relay.stopped = relay.stopped ? null : { code: 'rate-limited', message: 'wait', retryAfterMs: random() * 3_000 }
  } else if (chance < 0.97) {
    const created = newId()
    rooms.push(created)
    const [by, other] = random() < 0.5 ? [anna, ben] : [ben, anna]
    relay.act(by.userId, {
      type: 'room.create',
      roomId: created,
      kind: 'group',
      name: 'More',
      memberIds: [other.userId]
    })
  } else {
    for (const { link } of devices) link.cut()
    relay.restart()
    clock.after(random() * 500, () => device.link.connect())
  }
}

/** What the device says that it holds is the truth; and then all of the history comes, by itself or page by page. */
async function loadAll(
  { relay, clock }: ModelWorld,
  device: ModelDevice,
  stream: StreamId,
  goneBack: boolean
): Promise<void> {
  // A room that a backup does not know.
  if (goneBack && relay.head(stream) === 0) return
  const ranges = (): readonly SeqRange[] => device.state(stream)?.ranges ?? []
  const isHeld = (record: StreamRecord): boolean =>
    !(record.type === 'message' || record.type === 'reaction') ||
    ranges().some(([from, to]) => from <= record.seq && record.seq <= to)
  if (!goneBack) {
    expect(heldIn(device, stream)).toEqual(expect.arrayContaining(relay.records(stream).filter(isHeld)))
  }
  for (let page = 0; page < 200 && !relay.records(stream).every(isHeld); page++) {
    const loaded = device.sync.loadOlder(roomOfStream(stream) ?? '', ranges().at(-1)?.[0] ?? 0)
    await clock.advance(100)
    expect(await loaded).toBe(true)
  }
  // What turned out to be lost was repeated.
  await clock.advance(5_000)
}

function expectAgreement({ relay }: ModelWorld, device: ModelDevice, stream: StreamId, goneBack: boolean): void {
  if (goneBack && relay.head(stream) === 0) return
  expect(device.state(stream)).toMatchObject({ checkpoint: relay.head(stream), epoch: relay.epoch })
  expect(device.state(stream)).not.toHaveProperty('jump')
  const truth = relay.records(stream)
  // A membership of a room that is lost, and that its maker does not know of, stays.
  const known = new Set(truth.map((record) => recordKey(record)))
  const held = heldIn(device, stream).filter((record) => record.type !== 'membership' || known.has(recordKey(record)))
  expect(held.filter(isShown)).toEqual(truth.filter(isShown))
}

/** What was not set any more when its page came is not held. */
function isShown(record: StreamRecord): boolean {
  return record.type !== 'reaction' || record.set
}

/** Without what the relay has lost and nobody has brought back. */
function heldIn(device: ModelDevice, stream: StreamId): StreamRecord[] {
  const held = [...(device.disk.records.get(stream)?.values() ?? [])].filter(({ onlyHere }) => !onlyHere)
  return held.map(({ record }) => record).toSorted((a, b) => a.rev - b.rev)
}

function pick<T>(random: () => number, choices: readonly T[]): T {
  const choice = choices[Math.floor(random() * choices.length)]
  if (choice === undefined) throw new Error('nothing to pick')
  return choice
}
