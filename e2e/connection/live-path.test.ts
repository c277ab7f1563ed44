// The client's live lane against the real relay in this process: the path of what is typed, and of who is there, from one device to another.
import { BehaviorSubject, distinctUntilChanged, map } from 'rxjs'
import { afterEach, expect, test } from 'vitest'
import { newId } from '../../protocol/values.ts'
import { TestRelay } from '../../server/testing/relay-kit.ts'
import type { Person } from '../../server/testing/test-device.ts'
import { parseRelayUrl } from '../../src-renderer/connection/relay-url.ts'
import { startConnection } from '../../src-renderer/connection/socket-connection.ts'
import { startLive } from '../../src-renderer/live/live.ts'
import type { RunningLive } from '../../src-renderer/live/live.ts'
import { Link } from '../link.ts'

const ends: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

function device(
  relay: Pick<TestRelay, 'url'>,
  { user, token }: Person,
  asides: ReadonlyMap<string, string> = new Map()
) {
  const problems: unknown[] = []
  const onProblem = (problem: unknown): void => void problems.push(problem)
  const connection = startConnection({ url: parseRelayUrl(relay.url), token, random: () => 0.01, onProblem })
  const active = new BehaviorSubject(true)
  const live = startLive({
    userId: user.id,
    bus: { send: () => undefined, listen: () => () => undefined, close: () => undefined },
    up: connection.status.pipe(
      map(({ name }) => name === 'connected'),
      distinctUntilChanged()
    ),
    active,
    asides: new BehaviorSubject(asides),
    onProblem
  })
  live.lead(connection)
  const stop = (): void => {
    live.stop()
    connection.stop()
  }
  ends.push(stop)
  return { live, active, problems, stop }
}

/** The last that it emitted; `seen` all of it. */
function typingIn(live: RunningLive, roomId: string) {
  const seen: (string | null)[] = []
  live.watchTyping(roomId).subscribe((now) => seen.push(now && `${now.userIds.join()}${now.aside ? ' aside' : ''}`))
  return { seen, now: () => seen.at(-1) }
}

function presenceOf(live: RunningLive, userId: string): () => string | undefined {
  let now: string | undefined
  live.watchPresence(userId).subscribe((presence) => (now = presence?.state))
  return () => now
}

async function start() {
  const relay = await TestRelay.start()
  ends.push(() => relay.stop())
  const [ann, ben, cho] = await relay.signUpAll(['ann', 'ben', 'cho'])
  const post = async (path: string, { token }: Person, json: unknown) => {
    const { status, body } = await relay.rest<{ message: { roomId: string } }>('POST', path, { token, json })
    expect(status).toBe(201)
    return body
  }
  const hall = newId()
  const memberIds = [ben, cho].map(({ user }) => user.id)
  await post('rooms', ann, { id: hall, kind: 'group', name: 'Hall', memberIds })
  const aside = { id: newId(), body: 'a word with you', to: [ben.user.id] }
  const { message } = await post(`rooms/${hall}/messages`, ann, aside)
  return { relay, ann, ben, cho, hall, asides: new Map([[message.roomId, hall]]) }
}

/** Changes are gathered on both sides, and the machine may be busy. */
const SOON = { timeout: 15_000 }

test('[S11.5] [S14.1] what is typed for all is heard by all others, what is typed aside by its few, and neither by oneself', async () => {
  const { relay, ann, ben, cho, hall, asides } = await start()
  const own = [device(relay, ann, asides), device(relay, ann, asides)] as const
  const few = device(relay, ben, asides)
  const other = device(relay, cho)
  const heardByOwn = own.map(({ live }) => typingIn(live, hall))
  const [heardByFew, heardByOther] = [typingIn(few.live, hall), typingIn(other.live, hall)]
  // With these answers all four are there.
  const answers = [few, other].map(({ live }) => presenceOf(live, ann.user.id))
  answers.push(...own.map(({ live }) => presenceOf(live, ben.user.id)))
  for (const answer of answers) await expect.poll(answer, SOON).toBe('online')

  const { ownTyping } = own[0].live
  ownTyping.keyed(hall, null)
  for (const { now } of [heardByFew, heardByOther]) await expect.poll(now, SOON).toBe(ann.user.id)
  ownTyping.keyed(hall, [ben.user.id])
  await expect.poll(heardByFew.now, SOON).toBe(`${ann.user.id} aside`)
  await expect.poll(heardByOther.now, SOON).toBeNull()
  ownTyping.ended()
  await expect.poll(heardByFew.now, SOON).toBeNull()
  expect(heardByOther.seen).toEqual([null, ann.user.id, null])
  for (const { seen } of heardByOwn) expect(seen).toEqual([null])
}, 60_000)

test('[S14.2] online, away and offline are heard as they change; after the line was cut they are asked for anew', async () => {
  const { relay, ann, ben } = await start()
  const link = await Link.to(() => Number(new URL(relay.url).port))
  ends.push(() => link.cut())
  const here = device({ url: `http://127.0.0.1:${link.port}` }, ann)
  const there = device(relay, ben)
  const ofBen = presenceOf(here.live, ben.user.id)
  await expect.poll(ofBen, SOON).toBe('online')
  there.active.next(false)
  await expect.poll(ofBen, SOON).toBe('away')
  there.stop()
  await expect.poll(ofBen, SOON).toBe('offline')
  const seen: unknown[] = []
  here.live.watchPresence(ben.user.id).subscribe((now) => seen.push(now?.state))
  await link.cut()
  await expect.poll(() => seen, SOON).toEqual(['offline', undefined])
  await link.heal()
  await expect.poll(() => seen, SOON).toEqual(['offline', undefined, 'offline'])
  device(relay, ben)
  await expect.poll(ofBen, SOON).toBe('online')
  expect([...here.problems, ...there.problems]).toEqual([])
}, 60_000)
