// The client's connection and sync against the real relay in this process: the path of a message from outbox to record, with
// the device's store in memory. What the model relay of the sync tests says, the real one has to mean.
import { filter } from 'rxjs'
import { afterEach, expect, test } from 'vitest'
import { asideRoomId } from '../../protocol/derived-ids.ts'
import { TOKEN_LIFETIME_MS } from '../../protocol/limits.ts'
import type { Changed } from '../../protocol/socket.ts'
import { roomStream, userStream } from '../../protocol/streams.ts'
import { newId } from '../../protocol/values.ts'
import { TestRelay } from '../../server/testing/relay-kit.ts'
import type { Connection, ConnectionStatus } from '../../src-renderer/connection/connection.ts'
import { parseRelayUrl } from '../../src-renderer/connection/relay-url.ts'
import { asUser, invites } from '../../src-renderer/connection/rest-account.ts'
import { endSession, relayInfo, renewSession, signUp } from '../../src-renderer/connection/rest.ts'
import { startConnection } from '../../src-renderer/connection/socket-connection.ts'
import { createMemorySyncStore, emptyDisk } from '../../src-renderer/store/memory-sync-store.ts'
import type { MemoryDisk, MemorySyncStore } from '../../src-renderer/store/memory-sync-store.ts'
import { startSync } from '../../src-renderer/sync/start-sync.ts'
import type { Sync } from '../../src-renderer/sync/start-sync.ts'

const ends: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

interface Device {
  userId: string
  disk: MemoryDisk
  store: MemorySyncStore
  connection: Connection
  sync: Sync
  problems: unknown[]
  copied: string[]
  stop: () => Promise<void>
}

/** @param hears drops the hints of which it says no */
function startDevice(
  url: string,
  session: { userId: string; token: string },
  disk = emptyDisk(),
  hears: (changed: Changed) => boolean = () => true
): Device {
  const problems: unknown[] = []
  const copied: string[] = []
  const onProblem = (problem: unknown): void => void problems.push(problem)
  const store = createMemorySyncStore(disk)
  const connection = startConnection({ url, token: session.token, random: () => 0.01, onProblem })
  const { userId } = session
  const line = { ...connection, changed: connection.changed.pipe(filter(hears)) }
  const sync = startSync({ store, connection: line, userId, onProblem, onCopiedProfile: (old) => copied.push(old) })
  const stop = async (): Promise<void> => {
    connection.stop()
    await sync.stop()
  }
  ends.push(stop)
  return { userId, disk, store, connection, sync, problems, copied, stop }
}

async function twoPeople(): Promise<{ relay: TestRelay; anna: Device; ben: Device; token: string; roomId: string }> {
  const relay = await TestRelay.start()
  ends.push(() => relay.stop())
  const first = await signUp(parseRelayUrl(relay.url), {
    username: 'anna',
    password: 'annas password',
    displayName: 'Anna',
    invite: relay.relay.ownerCode ?? ''
  })
  const asAnna = asUser(() => ({ url: parseRelayUrl(relay.url), token: first.token }))
  const { code } = await invites(asAnna).make({ uses: 1, expiresInHours: 1, roomIds: [] })
  const second = await signUp(parseRelayUrl(relay.url), {
    username: 'ben',
    password: 'bens password',
    displayName: 'Ben',
    invite: code
  })
  const anna = startDevice(parseRelayUrl(relay.url), { userId: first.user.id, token: first.token })
  const ben = startDevice(parseRelayUrl(relay.url), { userId: second.user.id, token: second.token })
  const roomId = newId()
  anna.store.append({ type: 'room.create', roomId, kind: 'group', name: 'Kitchen', memberIds: [ben.userId] })
  return { relay, anna, ben, token: first.token, roomId }
}

function say(device: Device, roomId: string, body: string): string {
  const messageId = newId()
  device.store.append({ type: 'message.send', roomId, messageId, body, sentAt: new Date().toISOString() })
  return messageId
}

const bodies = (device: Device, roomId: string): string[] =>
  [...(device.disk.records.get(roomStream(roomId))?.values() ?? [])]
    .flatMap(({ record }) => (record.type === 'message' && record.kind === 'text' ? [record] : []))
    .toSorted((a, b) => a.seq - b.seq)
    .map(({ body }) => body)

test('a room and its messages reach both, and leave the outboxes', async () => {
  const { anna, ben, roomId } = await twoPeople()
  say(anna, roomId, 'from Anna')
  await expect.poll(() => bodies(ben, roomId)).toEqual(['from Anna'])
  const answered = say(ben, roomId, 'from Ben')
  ben.store.append({ type: 'message.edit', roomId, messageId: answered, body: 'from Ben, edited' })
  await expect.poll(() => bodies(anna, roomId)).toEqual(['from Anna', 'from Ben, edited'])
  await expect.poll(() => [anna.disk.outbox.size, ben.disk.outbox.size]).toEqual([0, 0])
  for (const stream of ['users', roomStream(roomId)] as const) {
    expect(anna.disk.streams.get(stream)).toEqual(ben.disk.streams.get(stream))
  }
  expect([...anna.problems, ...ben.problems]).toEqual([])
})

test('what was written offline goes out in order; after a restart of the relay all goes on', async () => {
  const { relay, anna, ben, roomId } = await twoPeople()
  say(anna, roomId, 'before')
  await expect.poll(() => bodies(ben, roomId)).toEqual(['before'])
  const firstEpoch = ben.disk.streams.get(roomStream(roomId))?.epoch ?? Infinity
  await ben.stop()
  await anna.stop()
  const offline = Array.from({ length: 250 }, (_, index) => `offline ${index}`)
  for (const body of offline) say(anna, roomId, body)
  const tokens = await Promise.all([tokenOf(relay, 'anna'), tokenOf(relay, 'ben')])
  await relay.restart()
  const again = startDevice(parseRelayUrl(relay.url), { userId: anna.userId, token: tokens[0] }, anna.disk)
  const benAgain = startDevice(parseRelayUrl(relay.url), { userId: ben.userId, token: tokens[1] }, ben.disk)
  await expect.poll(() => bodies(benAgain, roomId), { timeout: 10_000 }).toEqual(['before', ...offline])
  await expect.poll(() => again.disk.outbox.size).toBe(0)
  expect(benAgain.disk.streams.get(roomStream(roomId))?.epoch).toBeGreaterThan(firstEpoch)
})

test('[S11.5] what was said aside just before one was away for a moment comes, also to a device that heard of no leaving', async () => {
  const { relay, anna, ben, roomId } = await twoPeople()
  say(anna, roomId, 'hello')
  await expect.poll(() => bodies(ben, roomId)).toEqual(['hello'])
  const whisper = (from: Device, to: Device, body: string): void => {
    const sentAt = new Date().toISOString()
    from.store.append({ type: 'message.send', roomId, messageId: newId(), body, sentAt, to: [to.userId] })
  }
  const asideId = asideRoomId(roomId, [anna.userId, ben.userId])
  whisper(ben, anna, 'one')
  await expect.poll(() => bodies(anna, asideId)).toEqual(['one'])

  let isDeaf = false
  const session = { userId: ben.userId, token: await tokenOf(relay, 'ben') }
  const hears = ({ stream, records = [] }: Changed): boolean =>
    !isDeaf ||
    stream !== userStream(ben.userId) ||
    records.every((record) => !('state' in record) || record.state === 'joined')
  const other = startDevice(parseRelayUrl(relay.url), session, emptyDisk(), hears)
  await expect.poll(() => bodies(other, asideId)).toEqual(['one'])
  isDeaf = true
  await ben.stop()
  whisper(ben, anna, 'two')
  ben.store.append({ type: 'member.remove', roomId, userId: ben.userId })
  const again = startDevice(parseRelayUrl(relay.url), session, ben.disk)
  await expect.poll(() => again.disk.outbox.size).toBe(0)
  anna.store.append({ type: 'member.add', roomId, userIds: [ben.userId] })
  await expect.poll(() => bodies(other, asideId), { timeout: 10_000 }).toEqual(['one', 'two'])
})

test('[S9] after a long absence the newest page is there, the rest comes by pages, and nothing held is stale', async () => {
  const { relay, anna, ben, roomId } = await twoPeople()
  const early = say(anna, roomId, 'early')
  // Held is what the stream's state says, and that is stored after the record [S10].
  await expect.poll(() => ben.disk.streams.get(roomStream(roomId))?.ranges).toEqual([[1, 2]])
  await ben.stop()
  for (let index = 0; index < 1_800; index++) say(anna, roomId, `while away ${index}`)
  anna.store.append({ type: 'message.edit', roomId, messageId: early, body: 'early, edited' })
  await expect.poll(() => anna.disk.outbox.size, { timeout: 20_000 }).toBe(0)
  const benAgain = startDevice(
    parseRelayUrl(relay.url),
    { userId: ben.userId, token: await tokenOf(relay, 'ben') },
    ben.disk
  )
  benAgain.sync.openRoom(roomId)
  const state = (): unknown => benAgain.disk.streams.get(roomStream(roomId))
  await expect
    .poll(state)
    .toMatchObject(anna.disk.streams.get(roomStream(roomId))?.checkpoint ? { headSeq: 1_802 } : {})
  const { checkpoint } = anna.disk.streams.get(roomStream(roomId)) ?? { checkpoint: 0 }
  await expect.poll(state, { timeout: 10_000 }).toMatchObject({ checkpoint })
  expect(state()).not.toHaveProperty('jump')
  expect(bodies(benAgain, roomId)[0]).toBe('early, edited')
  for (;;) {
    const [low] = benAgain.disk.streams.get(roomStream(roomId))?.ranges.at(-1) ?? [1, 1]
    if (low === 1) break
    expect(await benAgain.sync.loadOlder(roomId, low)).toBe(true)
  }
  expect(bodies(benAgain, roomId)).toEqual(bodies(anna, roomId))
  expect(benAgain.problems).toEqual([])
}, 40_000)

test('[S2.4] a copied profile goes on as a new device, with real answers', async () => {
  const { relay, anna, roomId, token } = await twoPeople()
  say(anna, roomId, 'original')
  await expect.poll(() => anna.disk.outbox.size).toBe(0)
  const disk = structuredClone(anna.disk)
  say(anna, roomId, 'by the original')
  await expect.poll(() => anna.disk.outbox.size).toBe(0)
  await anna.stop()
  const copy = startDevice(parseRelayUrl(relay.url), { userId: anna.userId, token }, disk)
  say(copy, roomId, 'by the copy')
  await expect.poll(() => copy.copied.length).toBe(1)
  await copy.stop()
  const renewed = await renewSession(parseRelayUrl(relay.url), token, { asNewDevice: true })
  const newDevice = startDevice(parseRelayUrl(relay.url), { userId: anna.userId, token: renewed.token }, disk)
  await expect.poll(() => bodies(newDevice, roomId)).toEqual(['original', 'by the original', 'by the copy'])
  await expect.poll(() => disk.outbox.size).toBe(0)
  expect(newDevice.copied).toEqual([])
})

test('[S11.1] who leaves keeps what was given; an ended session ends the connection', async () => {
  const { relay, anna, ben, roomId } = await twoPeople()
  say(anna, roomId, 'stay')
  await expect.poll(() => bodies(ben, roomId)).toEqual(['stay'])
  ben.store.append({ type: 'member.remove', roomId, userId: ben.userId })
  await expect.poll(() => ben.disk.outbox.size).toBe(0)
  expect(ben.disk.streams.get(userStream(ben.userId))?.checkpoint).toBe(2)
  say(anna, roomId, 'not for Ben')
  await expect.poll(() => anna.disk.outbox.size).toBe(0)
  expect(bodies(ben, roomId)).toEqual(['stay'])

  const other = await sessionOf(relay, 'ben')
  const third = startDevice(parseRelayUrl(relay.url), { userId: ben.userId, token: other.token })
  const seen: string[] = []
  third.connection.status.subscribe(({ name }) => seen.push(name))
  await expect.poll(() => seen.at(-1)).toBe('connected')
  await endSession(parseRelayUrl(relay.url), other.token, other.deviceId)
  await expect.poll(() => seen.at(-1)).toBe('ended')
  expect(await relayInfo(parseRelayUrl(relay.url))).toMatchObject({ protocol: 1, hasOwner: true })
})

test('a session that expires under an open connection ends it, and is not tried again and again', async () => {
  let skew = 0
  const relay = await TestRelay.start({ now: () => Date.now() + skew })
  ends.push(() => relay.stop())
  const ann = await relay.signUp('ann')
  const device = startDevice(parseRelayUrl(relay.url), { userId: ann.user.id, token: ann.token })
  const seen: ConnectionStatus[] = []
  device.connection.status.subscribe((status) => seen.push(status))
  await expect.poll(() => seen.at(-1)).toEqual({ name: 'connected' })
  skew = TOKEN_LIFETIME_MS + 60_000
  device.store.append({ type: 'room.create', roomId: newId(), kind: 'group', name: 'Kitchen', memberIds: [] })
  await expect.poll(() => seen.at(-1)).toEqual({ name: 'ended', reason: 'signed-out', why: 'expired' })
  expect(device.disk.outbox.size).toBe(1)
  expect(device.problems.length).toBeLessThanOrEqual(1)
})

const sessionOf = async (relay: TestRelay, username: string): Promise<{ token: string; deviceId: string }> => {
  const json = { username, password: `${username}s password` }
  const { body } = await relay.rest<{ token: string; deviceId: string }>('POST', 'sessions', { json })
  return body
}
const tokenOf = async (relay: TestRelay, username: string): Promise<string> => (await sessionOf(relay, username)).token
