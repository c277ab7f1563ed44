import { describe, expect, it } from 'vitest'
import { asideRoomId } from '../protocol/derived-ids.ts'
import type { Operation } from '../protocol/operations.ts'
import type { Answer } from '../protocol/socket.ts'
import type { StreamId } from '../protocol/streams.ts'
import { readsStream, roomStream, USERS_STREAM, userStream } from '../protocol/streams.ts'
import type { Timer } from './clock.ts'
import { seededRandom } from './storage/contract/seeded-random.ts'
import { firstSeed, sizeOf } from './storage/testing/test-size.ts'
import { roomsOf, script, TALKERS, WATCHER } from './testing/aside-script.ts'
import type { Name, Step } from './testing/aside-script.ts'
import { TestRelay } from './testing/relay-kit.ts'
import type { TestDevice } from './testing/test-device.ts'

const NAMES = [WATCHER, 'stranger', ...TALKERS] as const
const SEEDS = sizeOf('MARU_ASIDE_SEEDS', { usual: 4, long: 60 })
const STEPS = 150
const NOW = Date.parse('2026-11-20T12:00:00.000Z')

/** What those outside of the asides saw, in order, without what two relays choose differently. */
interface Seen {
  lines: string[]
  /** How much was heard of asides by those who are in them. */
  asideFrames: number
}

describe('[S11.5] who is not in an aside sees the same as if nothing had been said in it', () => {
  it.each(Array.from({ length: SEEDS }, (_, index) => firstSeed() + index))(
    'byte for byte: hints, pulls, pages, lists, answers (seed %i)',
    async (seed) => {
      const random = seededRandom(seed)
      const rooms = roomsOf(random)
      const steps = script(random, STEPS, rooms)
      const [spoken, silent] = await Promise.all([run(rooms, steps, true), run(rooms, steps, false)])
      expect(spoken.lines).toEqual(silent.lines)
      expect(spoken.asideFrames).toBeGreaterThan(STEPS / 10)
      expect(silent.asideFrames).toBe(0)
    },
    60_000
  )
})

async function run(rooms: { group: string; open: string }, steps: readonly Step[], speaks: boolean): Promise<Seen> {
  const waiting = new Set<() => void>()
  const timer: Timer = (_ms, fire) => {
    waiting.add(fire)
    return () => waiting.delete(fire)
  }
  const relay = await TestRelay.start({ now: () => NOW, timer })
  const people = await relay.signUpAll(NAMES)
  const devices = new Map<string, TestDevice>()
  for (const [index, name] of NAMES.entries()) {
    const person = people[index]
    if (person) devices.set(name, await relay.connect(person))
  }
  const deviceOf = (name: string): TestDevice => devices.get(name) as TestDevice
  const idOf = (name: Name): string => deviceOf(name).userId
  const lines: string[] = []
  const unseen = [WATCHER, 'stranger'] as const
  const saw = (what: string, value: unknown): void => void lines.push(`${what} ${JSON.stringify(value)}`)
  const apply = async (name: string, operation: Operation): Promise<Answer[]> => {
    const device = deviceOf(name)
    device.settled = device.n
    return (await device.apply(operation)).map((answer) => ({ ...answer, id: '' }))
  }

  for (const [kind, roomId] of Object.entries(rooms) as ['group' | 'open', string][]) {
    const memberIds = TALKERS.map((name) => idOf(name))
    await apply(WATCHER, { type: 'room.create', roomId, kind, name: kind, memberIds })
  }
  for (const { who, isAside, operation } of steps) {
    if (isAside && !speaks) continue
    const answers = await apply(who, operation(idOf))
    const due = Array.from(waiting)
    waiting.clear()
    for (const fire of due) fire()
    if (who === WATCHER) saw('answer', answers)
  }
  for (const device of devices.values()) await device.caughtUp()

  // Who guesses the id of an aside, or knows it from elsewhere, learns nothing by it either.
  const asideId = asideRoomId(rooms.group, [idOf('ann'), idOf('bob')])
  const hidden = (text: string): string =>
    text.replaceAll(asideId, 'ASIDE').replaceAll(`"epoch":${relay.relay.storage.epoch}`, '"epoch":1')
  const messageId = '01900000-0000-7000-8000-000000000000'
  const guesses: Operation[] = [
    { type: 'message.send', roomId: asideId, messageId, body: 'x', sentAt: '2026-01-01T00:00:00.000Z' },
    { type: 'read.mark', roomId: asideId, seq: 1 },
    { type: 'room.settings', roomId: asideId, pinned: true },
    { type: 'room.join', roomId: asideId },
    { type: 'room.create', roomId: asideId, kind: 'group', name: 'x', memberIds: [] },
    { type: 'member.add', roomId: asideId, userIds: [idOf(WATCHER)] },
    { type: 'member.remove', roomId: asideId, userId: idOf('ann') }
  ]
  for (const name of unseen) {
    const device = deviceOf(name)
    const { token } = device.person
    for (const guess of guesses) saw(`guess of ${name}`, await apply(name, guess))
    const streams: StreamId[] = [
      USERS_STREAM,
      userStream(device.userId),
      ...[...Object.values(rooms), asideId].flatMap((roomId) => [roomStream(roomId), readsStream(roomId)])
    ]
    for (const stream of streams) saw('pull', await device.pull({ kind: 'changes', stream, since: 0, epoch: 0 }))
    for (const roomId of [...Object.values(rooms), asideId]) {
      saw('page', await device.pull({ kind: 'page', roomId }))
      for (const path of ['', '/messages', '/messages?since=0', `/avatar/${'0'.repeat(32)}`]) {
        const { status, body } = await relay.rest('GET', `rooms/${roomId}${path}`, { token })
        saw(`GET rooms${path}`, [status, body])
      }
    }
    for (const path of ['rooms', 'open-rooms', 'users']) saw(path, (await relay.rest('GET', path, { token })).body)
    saw(`heard by ${name}`, device.heard)
  }
  const known = new Set<string>(Object.values(rooms).flatMap((id) => [roomStream(id), readsStream(id)]))
  const asideFrames = TALKERS.flatMap((name) => deviceOf(name).heard).filter(({ stream }) => {
    return (stream.startsWith('room:') || stream.startsWith('reads:')) && !known.has(stream)
  }).length
  await relay.stop()
  return {
    lines: namesForIds(lines.map(hidden), new Map(NAMES.map((name) => [deviceOf(name).userId, name]))),
    asideFrames
  }
}

/** Two relays give their users, devices and system lines different ids: the first that is met is the first one's name. */
function namesForIds(lines: readonly string[], names: Map<string, string>): string[] {
  const lineIds = new Map<string, string>()
  return lines.map((line) =>
    line.replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) => {
      const name = names.get(id) ?? lineIds.get(id) ?? `line ${lineIds.size}`
      if (!names.has(id)) lineIds.set(id, name)
      return name
    })
  )
}
