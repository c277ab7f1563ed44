import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ERROR_STATUS } from '../protocol/errors.ts'
import type { Presence, PresenceResult, RoomPresence } from '../protocol/live.ts'
import type { Failure } from '../protocol/socket.ts'
import type { StreamId } from '../protocol/streams.ts'
import { readsStream, roomOfReads, roomOfStream, roomStream, USERS_STREAM, userStream } from '../protocol/streams.ts'
import { CASES } from './testing/matrix-cases.ts'
import type { Case, Outcome } from './testing/matrix-cases.ts'
import { expected } from './testing/matrix-expected.ts'
import { readTable } from './testing/matrix-table.ts'
import { ACTORS, PEOPLE, VARIANTS, World } from './testing/matrix-world.ts'
import type { Actor, Place, Variant, Who } from './testing/matrix-world.ts'
import { TestRelay } from './testing/relay-kit.ts'

const DOORS = ['socket', 'REST'] as const
const TIMEOUT_MS = 120_000

/** Who may hear what was told of a room after it was ready. */
interface Told {
  place: Place
  from: number
  through: number
  readers: ReadonlySet<Who>
}

describe('[SPEC §3.1, S11] who may do what, by every door, in every kind of room', () => {
  const table = readTable()
  let relay: TestRelay
  let world: World
  const told: Told[] = []
  const places = new Map<string, Place>()

  beforeAll(async () => {
    relay = await TestRelay.start()
    world = await World.people(relay)
  }, TIMEOUT_MS)
  afterAll(() => relay.stop())

  const make = async (variant: Variant): Promise<Place> => {
    const place = await world.make(variant)
    places.set(place.roomId, place)
    return place
  }
  /** Everybody who is in the room, and where it is an aside, in its parent. */
  const readersOf = async ({ roomId, parentId }: Place): Promise<Set<Who>> => {
    const { storage } = relay.relay
    const readers = new Set<Who>()
    for (const who of PEOPLE) {
      const ofRooms = [roomId, ...(parentId === undefined ? [] : [parentId])].map((id) =>
        storage.member(id, world.id(who))
      )
      if ((await Promise.all(ofRooms)).every((member) => member?.state === 'joined')) readers.add(who)
    }
    return readers
  }
  const heads = async ({ roomId, parentId }: Place): Promise<Record<string, number>> => {
    const streams: StreamId[] = [
      USERS_STREAM,
      ...[roomId, ...(parentId === undefined ? [] : [parentId])].flatMap((id) => [roomStream(id), readsStream(id)]),
      ...PEOPLE.map((who) => userStream(world.id(who)))
    ]
    const found = streams.map(async (stream) => [stream, await relay.relay.storage.head(stream)])
    return Object.fromEntries(await Promise.all(found)) as Record<string, number>
  }

  const through = async (door: (typeof DOORS)[number], each: Case, place: Place, who: Actor): Promise<Outcome> => {
    const operation = each.operation(world, place, who)
    if (door === 'socket') return ((await world.push(who, operation))[0] as Outcome | undefined) ?? 'accepted'
    const address = each.address?.(operation)
    if (!address) throw new Error(`${each.name} has no address`)
    const { method, path, json } = address
    const request = { token: world.devices[who].person.token, ...(json === undefined ? {} : { json }) }
    const { status, body } = await relay.rest(method, path, request)
    if (status < 400) return 'accepted'
    expect(status).toBe(ERROR_STATUS[body.code as keyof typeof ERROR_STATUS])
    return body.code as Outcome
  }

  /** Does it, and looks at all that it changed. @returns what is wrong, if anything */
  const check = async (door: (typeof DOORS)[number], each: Case, place: Place, who: Actor): Promise<string[]> => {
    const what = `${place.name}: ${who} (${place.standing[who]}) ${each.name} by ${door}`
    const wanted = expected(table, each, place, who)
    const before = await heads(place)
    const outcome = await through(door, each, place, who)
    if (outcome !== wanted) return [`${what}: ${wanted} was expected, not ${outcome}`]
    const after = await heads(place)
    const moved = Object.keys(after).filter((stream) => after[stream] !== before[stream])
    if (outcome !== 'accepted') return moved.length === 0 ? [] : [`${what}: refused, but changed ${moved.join()}`]
    const [from = 0, to = 0] = [before, after].map((state) => state[roomStream(place.roomId)])
    if (to > from) told.push({ place, from, through: to, readers: await readersOf(place) })
    // Of other people's own streams only that of somebody who comes or goes.
    const concerned = [who, each.target, ...(each.row === 'add' ? (['newcomer'] as const) : [])]
    const foreign = PEOPLE.filter((other) => moved.includes(userStream(world.id(other))) && !concerned.includes(other))
    const touchesParent = place.parentId !== undefined && moved.includes(roomStream(place.parentId))
    return [
      ...(each.row === 'aside' || foreign.length === 0 ? [] : [`${what}: changed streams of ${foreign.join()}`]),
      ...(touchesParent ? [`${what}: the parent changed [S11.5]`] : []),
      ...(each.row === 'aside' && to > from ? [`${what}: the room changed [S11.5]`] : [])
    ]
  }

  it.each(VARIANTS)(
    '$name: every operation by everybody',
    async (variant) => {
      const wrong: string[] = []
      const shared = await make(variant)
      for (const each of CASES) {
        for (const door of DOORS) {
          if (door === 'REST' && !each.address) continue
          for (const who of ACTORS) {
            const isAlone = each.structural && expected(table, each, shared, who) === 'accepted'
            wrong.push(...(await check(door, each, isAlone ? await make(variant) : shared, who)))
          }
        }
      }
      expect(wrong).toEqual([])
    },
    TIMEOUT_MS
  )

  it.each(VARIANTS)(
    '$name: every read by everybody',
    async (variant) => {
      const wrong: string[] = []
      const place = await make(variant)
      const { roomId } = place
      const readers = await readersOf(place)
      for (const who of ACTORS) {
        const ended = !['owner', 'admin', 'member', 'never'].includes(place.standing[who])
        const wanted = readers.has(who) ? 'accepted' : ended ? 'not-a-member' : 'room-not-found'
        const { results } = await world.devices[who].pull(
          { kind: 'changes', stream: roomStream(roomId), since: 0, epoch: 0 },
          { kind: 'changes', stream: readsStream(roomId), since: 0, epoch: 0 },
          { kind: 'page', roomId }
        )
        const pulled = results.map((result) => (result.ok ? 'accepted' : result.error.code))
        const token = { token: world.devices[who].person.token }
        const types = async (typing: boolean): Promise<string> => {
          const answer = await world.devices[who].ask<{ ok: true } | Failure>('live:typing', { roomId, typing })
          return answer.ok ? 'accepted' : answer.error.code
        }
        const typed = [await types(true), await types(false)]
        const paths = ['', '/messages', '/messages?since=0', '/messages?before=3&limit=1', '/presence']
        const read = paths.map(async (path) => {
          const { status, body } = await relay.rest('GET', `rooms/${roomId}${path}`, token)
          return status === 200 ? 'accepted' : body.code
        })
        const { body } = await relay.rest<{ rooms: { id: string }[] }>('GET', 'rooms', token)
        const isListed = body.rooms.some(({ id }) => id === roomId)
        for (const outcome of [...pulled, ...typed, ...(await Promise.all(read))]) {
          if (outcome !== wanted) wrong.push(`${place.name}: ${who}: ${wanted} was expected, not ${outcome}`)
        }
        const present = await relay.rest<RoomPresence>('GET', `rooms/${roomId}/presence`, token)
        const seen = present.status === 200 ? present.body.online.map(({ userId }) => userId).toSorted() : []
        const there = readers.has(who) ? [...readers].map((each) => world.id(each)).toSorted() : []
        if (seen.join() !== there.join()) wrong.push(`${place.name}: ${who}: saw ${seen.join()} there`)
        if (isListed !== (readers.has(who) && place.kind !== 'aside'))
          wrong.push(`${place.name}: ${who}: listed ${isListed}`)
      }
      expect(wrong).toEqual([])
    },
    TIMEOUT_MS
  )

  it('[S14.2] who watches everybody is answered with those of a shared room, and told of nobody else', async () => {
    const { storage } = relay.relay
    const all = PEOPLE.map((who) => world.id(who))
    const roomsOf = async (userId: string): Promise<string[]> =>
      (await storage.memberships(userId)).flatMap(({ roomId, state, parentId }) =>
        state === 'joined' && parentId === undefined ? roomId : []
      )
    const ask = async (who: Who, presence: Presence): Promise<string[]> => {
      const answer = await world.devices[who].ask<PresenceResult>('live:presence', presence)
      return answer.people.map(({ userId }) => userId)
    }
    const known = new Map<Who, string[]>()
    for (const who of PEOPLE) {
      const rooms = new Set(await roomsOf(world.id(who)))
      const shared = await Promise.all(all.map(async (id) => (await roomsOf(id)).some((roomId) => rooms.has(roomId))))
      known.set(
        who,
        all.filter((_, index) => shared[index])
      )
      expect([who, await ask(who, { watch: all })]).toEqual([who, known.get(who)])
    }
    for (const who of PEOPLE) await ask(who, { active: false })
    const heard = (who: Who): string[] => world.devices[who].presenceHeard.map(({ userId }) => userId)
    await expect.poll(() => heard('owner').length + heard('target').length).toBeGreaterThan(0)
    for (const who of PEOPLE) {
      await world.devices[who].caughtUp()
      expect([who, heard(who).filter((id) => !(known.get(who) ?? []).includes(id))]).toEqual([who, []])
    }
  })

  it('who is signed out does nothing by any address, and has no connection', async () => {
    const place = await make({ name: 'open room', kind: 'open' })
    const before = await heads(place)
    const reads = ['', '/messages', `/avatar/${'0'.repeat(32)}`].map((end) => ({
      method: 'GET',
      path: `rooms/${place.roomId}${end}`
    }))
    const writes = CASES.flatMap((each) => each.address?.(each.operation(world, place, 'member')) ?? [])
    for (const { method, path, ...rest } of [...reads, ...writes]) {
      const request = 'json' in rest && rest.json !== undefined ? { json: rest.json } : {}
      for (const token of [undefined, 'x'.repeat(43)]) {
        const answer = await relay.rest(method, path, { ...request, ...(token === undefined ? {} : { token }) })
        expect([method, path, answer.status]).toEqual([method, path, 401])
      }
    }
    expect(await heads(place)).toEqual(before)
    const nobody = relay.device({ ...world.devices.member.person, token: 'x'.repeat(43) })
    await expect(nobody.connect()).rejects.toMatchObject({ data: { code: 'unauthorized' } })
  })

  it('[S11.3] nobody heard anything of a room that they did not read then; everybody else heard it', async () => {
    for (const who of PEOPLE) await world.devices[who].caughtUp()
    const wrong: string[] = []
    for (const who of PEOPLE) {
      const { heard, typingHeard } = world.devices[who]
      for (const { roomId, userIds } of typingHeard) {
        const place = places.get(roomId)
        const isReader = place !== undefined && (await readersOf(place)).has(who)
        if (!isReader || userIds.includes(world.id(who))) wrong.push(`${who} heard who types in ${place?.name}`)
      }
      for (const { stream, from, through: rev } of heard) {
        const roomId = roomOfStream(stream)
        const place = places.get(roomId ?? roomOfReads(stream) ?? '')
        if (roomId !== undefined && place && rev > place.base) {
          const change = told.find((each) => each.place === place && each.from === from && each.through === rev)
          if (!change?.readers.has(who)) wrong.push(`${who} heard ${stream} ${from}–${rev} of ${place.name}`)
        } else if (roomOfReads(stream) !== undefined && place) {
          if (!(await readersOf(place)).has(who)) wrong.push(`${who} heard ${stream} of ${place.name}`)
        } else if (roomId === undefined && roomOfReads(stream) === undefined && stream !== userStream(world.id(who))) {
          wrong.push(`${who} heard ${stream}`)
        }
      }
      const frames = new Set(heard.map(({ stream, from, through: rev }) => `${stream} ${from} ${rev}`))
      for (const { place, from, through: rev, readers } of told) {
        const frame = `${roomStream(place.roomId)} ${from} ${rev}`
        if (readers.has(who) && !frames.has(frame)) wrong.push(`${who} did not hear ${frame} of ${place.name}`)
      }
    }
    expect(wrong).toEqual([])
    expect(told.length).toBeGreaterThan(300)
    expect(PEOPLE.flatMap((who) => world.devices[who].typingHeard).length).toBeGreaterThan(30)
  })
})
