// What happens to devices, lines and the relay, and how everything heals again.
import { Violation } from './violation.ts'
import { roomOfStream, roomStream } from '../protocol/streams.ts'
import { ProtocolError } from '../protocol/errors.ts'
import type { Operation } from '../protocol/operations.ts'
import type { MessageRecord } from '../protocol/records.ts'
import { newId } from '../protocol/values.ts'
import type { SimulatedDevice } from './device.ts'
import { BY_REST } from './effects.ts'
import { CALM } from './link.ts'
import { act, roomsOf } from './people.ts'
import type { Act, Step } from './plan.ts'
import { createRandom } from './random.ts'
import type { Random } from './random.ts'
import { holdingsOf } from './repeated.ts'
import type { World } from './world.ts'

const HOUR_MS = 3_600_000
const YEAR_MS = 365 * 24 * HOUR_MS
/** More than a room may have left before its newest page comes first [S9.2]. */
const FLOOD_MESSAGES = 620

/** Lets one step of the plan happen. */
export function happen(world: World, step: Step): void {
  const { scheduler, trace, relay } = world
  const random = createRandom(step.salt)
  const device = world.devices[step.device % world.devices.length]
  if (device === undefined) return
  trace.add(device.name, `· ${step.act}`)
  switch (step.act) {
    case 'cut':
      return device.link.cut()
    case 'half-open':
      return device.link.halfOpen()
    case 'offline':
      device.link.online = false
      device.link.cut()
      scheduler.after(random.next() * 20_000, () => (device.link.online = true))
      return
    case 'line-weather':
      device.link.weather = random.chance(0.3) ? CALM : badWeather(random)
      return
    case 'crash-device': {
      const offMs = random.next() * random.pick([10, 1_000, 20_000])
      const later = (): void => void scheduler.after(offMs, () => startAgain(device))
      if (random.chance(0.6)) return device.crashAfter(random.integer(8), later)
      device.crash()
      return later()
    }
    case 'device-clock':
      device.skewMs = Math.round((random.next() * 2 - 1) * 10 * YEAR_MS)
      return
    case 'crash-relay':
      relay.crash(random.chance(0.5))
      if (random.chance(0.3)) relay.skewMs = jumped(relay.skewMs, world.plan.goesBack, random)
      scheduler.after(random.next() * random.pick([10, 5_000]), () => relay.start())
      return
    case 'disk-fails':
      relay.weather.failures = random.next() * 0.5
      scheduler.after(random.next() * 4_000, () => (relay.weather.failures = 0))
      return
    case 'copy-relay':
      void relay.backup().then((copy) => (world.copy = copy))
      return
    case 'restore-relay':
      if (world.copy === null) return
      world.holdings.push(holdingsOf(world.devices))
      return relay.restore(world.copy)
    case 'look-at-room': {
      const rooms = roomsOf(device)
      device.running?.sync.openRoom(rooms.length > 0 && random.chance(0.85) ? random.pick(rooms) : null)
      return
    }
    case 'load-older': {
      const rooms = roomsOf(device)
      if (rooms.length === 0 || device.running === null) return
      const roomId = random.pick(rooms)
      const headSeq = device.state(roomStream(roomId))?.headSeq ?? 0
      void device.running.sync.loadOlder(roomId, 2 + random.integer(headSeq + 1))
      // What is on the page may well be edited before it arrives.
      if (random.chance(0.5)) byRest(world, random.pick(world.devices), random, 8)
      return
    }
    case 'part':
      device.link.online = false
      device.link.cut()
      scheduler.after(random.next() * 4_000, () => (device.link.online = true))
      return onDevice(world, step.act, device, random)
    case 'burst':
      return byRest(world, device, random, 5 + random.integer(40))
    case 'flood':
      return byRest(world, device, random, FLOOD_MESSAGES)
    default:
      return onDevice(world, step.act, device, random)
  }
}

function onDevice(world: World, kind: Act, device: SimulatedDevice, random: Random): void {
  act(kind, device, random).catch((error: unknown) => {
    if (!(error instanceof ProtocolError)) return world.fail(new Violation('command', `${kind}: ${String(error)}`))
    world.trace.add(device.name, `cannot: ${error.message}`)
  })
}

/** The relay's clock jumps; never back where its data may, because then nothing else tells its lives apart (docs/decisions/0001). */
function jumped(skewMs: number, goesBack: boolean, random: Random): number {
  return goesBack ? skewMs + Math.round(random.next() * HOUR_MS) : Math.round((random.next() * 2 - 1) * HOUR_MS)
}

/** Many messages at once, and some edits of own ones, by somebody who uses REST. */
function byRest(world: World, { userId }: SimulatedDevice, random: Random, count: number): void {
  const { relay, truth, trace, scheduler } = world
  const rooms = [...truth.latest.keys()].flatMap((stream) => roomOfStream(stream) ?? [])
  const joined = rooms.filter((roomId) => truth.isJoined(roomId, userId))
  if (joined.length === 0 || relay.running === null) return
  const roomId = random.pick(joined)
  const own = [...(truth.latest.get(roomStream(roomId))?.values() ?? [])].filter(
    (record): record is MessageRecord =>
      record.type === 'message' && record.kind === 'text' && record.authorId === userId
  )
  const sentAt = new Date(scheduler.now()).toISOString()
  for (let number = 1; number <= count; number++) {
    const body = `${BY_REST} ${number}, ${random.integer(100_000)}`
    const operation: Operation =
      own.length > 0 && random.chance(0.2)
        ? { type: 'message.edit', roomId, messageId: random.pick(own).id, body }
        : { type: 'message.send', roomId, messageId: newId(), body, sentAt }
    relay.running.writing
      .write(userId, operation, async () => true)
      .catch((error: unknown) => trace.add('relay', `refuses what came by REST: ${String(error)}`))
  }
}

function badWeather(random: Random): typeof CALM {
  return {
    delayMs: random.pick([5, 100, 800]),
    loseHint: random.chance(0.5) ? random.next() * 0.4 : 0,
    doubleHint: random.chance(0.5) ? random.next() * 0.4 : 0,
    doubleRequest: random.chance(0.3) ? random.next() * 0.3 : 0,
    dies: random.chance(0.4) ? random.next() * 0.08 : 0,
    reorders: random.chance(0.5)
  }
}

function startAgain(device: SimulatedDevice): void {
  if (device.isOff) device.start()
}

const QUIET_MS = 300_000
const SLICE_MS = 500
const HISTORY_MS = 60_000

/** Everything works again; time passes until nobody has anything left to do. Complains if that does not come. */
export async function heal(world: World): Promise<void> {
  const { scheduler, relay } = world
  relay.weather.failures = 0
  if (relay.running === null) scheduler.after(6_000, () => (relay.running === null ? relay.start() : undefined))
  for (const device of world.devices) {
    device.link.weather = CALM
    device.weather.failures = 0
    device.link.online = true
    startAgain(device)
    if (device.link.lostHints) device.link.cut()
    device.running?.connection.connectNow()
  }
  await rest(world)
  for (const device of world.devices) await completeHistory(world, device)
  // In what is old something may have been lost, too [S10.5].
  await rest(world)
}

async function rest(world: World): Promise<void> {
  const { scheduler } = world
  const begin = scheduler.now()
  for (let quiet = 0; quiet < 4 && world.broken === null;) {
    await scheduler.run(() => world.broken !== null, SLICE_MS)
    const [loud] = world.devices.flatMap((device) => {
      const why = unrest(world, device)
      return why === undefined ? [] : [`${device.name} ${why}`]
    })
    quiet = loud === undefined ? quiet + 1 : 0
    if (scheduler.now() - begin > QUIET_MS) return world.fail(new Violation('quiet', loud ?? 'there is no end'))
  }
}

/** Why somebody is not at rest; undefined if they are. */
function unrest({ truth, relay }: World, device: SimulatedDevice): string | undefined {
  if (relay.running === null) return 'has no relay'
  if (device.running === null) return 'is off'
  const waiting = device.outbox().find(({ state }) => state !== 'refused')
  if (waiting)
    return `has ${waiting.operation.type} ${waiting.state} in the outbox (${JSON.stringify(waiting.accepted)})`
  for (const stream of truth.latest.keys()) {
    if (!truth.isReader(device.userId, stream)) continue
    const state = device.state(stream)
    const isOfNow = state?.epoch === relay.running.storage.epoch
    if (isOfNow && state.jump === undefined && state.checkpoint === truth.head(stream)) continue
    return `has ${stream} up to ${JSON.stringify(state)}, and its head is ${truth.head(stream)}`
  }
  return undefined
}

/** Loads what the background has not. */
async function completeHistory(world: World, device: SimulatedDevice): Promise<void> {
  const { scheduler, truth } = world
  for (const roomId of roomsOf(device)) {
    // [S11.5] An aside of a room that was left.
    if (!truth.isReader(device.userId, roomStream(roomId))) continue
    for (let tries = 0; tries < 400 && world.broken === null; tries++) {
      const state = device.state(roomStream(roomId))
      const floor = state?.floor ?? 0
      const [low, high] = state?.ranges.at(-1) ?? [0, 0]
      if (state === undefined || (low <= floor + 1 && high >= state.headSeq)) break
      let done = false
      let loaded = false
      void device.running?.sync.loadOlder(roomId, low).then((stored) => {
        done = true
        loaded = stored
      })
      await scheduler.run(() => done, HISTORY_MS)
      // A line that was cut before everything healed is found out by and by.
      if (!loaded) await scheduler.run(() => false, SLICE_MS)
    }
  }
}
