import { beforeEach, describe, expect, it } from 'vitest'
import { PRESENCE_TELL_MS, PRESENCE_TTL_MS } from '../../protocol/limits.ts'
import type { Availability, PersonPresence } from '../../protocol/live.ts'
import { roomStream, USERS_STREAM } from '../../protocol/streams.ts'
import { silentLog } from '../log.ts'
import { seededRandom } from '../storage/contract/seeded-random.ts'
import { firstSeed } from '../storage/testing/test-size.ts'
import { createMemoryEntries } from './memory-entries.ts'
import { People } from './people.ts'
import { PresenceDesk } from './presence.ts'
import { HandClock, settled } from './testing/hand-clock.ts'

/** A relay's connections and storage as far as presence asks for them. */
class World {
  readonly clock = new HandClock()
  readonly rooms = new Map<string, Set<string>>()
  readonly chosen = new Map<string, Availability>()
  readonly userOf = new Map<string, string>()
  readonly frames: { connectionIds: readonly string[]; people: PersonPresence[] }[] = []
  /** What each connection believes of those whom it watches. */
  readonly believed = new Map<string, Map<string, PersonPresence>>()
  readonly watched = new Map<string, string[]>()
  asked: string[] = []
  /** While it is set, storage answers nothing. */
  held: Promise<void> = Promise.resolve()
  failing = false
  readonly entries = createMemoryEntries(this.clock)
  readonly people = new People(
    {
      requireReader: () => Promise.reject(new Error('presence does not ask that')),
      availabilityOf: (userId) => this.#ask(userId, () => this.chosen.get(userId) ?? 'auto'),
      joinedRooms: (userId) => this.#ask(userId, () => [...(this.rooms.get(userId) ?? [])]),
      lastUsedAt: (userId) => this.#ask(userId, () => '2026-01-01T00:00:00.000Z')
    },
    this.clock.now
  )
  readonly desk = new PresenceDesk({
    entries: this.entries,
    people: this.people,
    streamsOf: (connectionId) => {
      const userId = this.userOf.get(connectionId)
      if (userId === undefined) return new Set()
      return new Set([USERS_STREAM, ...[...(this.rooms.get(userId) ?? [])].map(roomStream)])
    },
    tell: (connectionIds, people) => {
      this.frames.push({ connectionIds, people })
      for (const id of connectionIds) for (const person of people) this.believed.get(id)?.set(person.userId, person)
    },
    timer: this.clock.timer,
    log: silentLog
  })

  async #ask<T>(userId: string, read: () => T): Promise<T> {
    this.asked.push(userId)
    if (this.failing) throw new Error('the storage is away')
    const value = read()
    await this.held
    return value
  }

  join(userId: string, ...roomIds: string[]): void {
    this.rooms.set(userId, new Set([...(this.rooms.get(userId) ?? []), ...roomIds]))
    this.#moved(userId)
  }

  leave(userId: string, roomId: string): void {
    this.rooms.get(userId)?.delete(roomId)
    this.#moved(userId)
  }

  #moved(userId: string): void {
    this.people.moved(userId)
    this.desk.moved(userId)
  }

  choose(userId: string, availability: Availability): void {
    this.chosen.set(userId, availability)
    this.people.chose(userId, availability)
    this.desk.chose(userId)
  }

  async come(userId: string, connectionId: string): Promise<void> {
    this.userOf.set(connectionId, userId)
    this.believed.set(connectionId, new Map())
    this.watched.delete(connectionId)
    this.desk.opened({ connectionId, userId, deviceId: connectionId })
    await this.desk.joined(connectionId)
  }

  async go(connectionId: string): Promise<void> {
    this.userOf.delete(connectionId)
    this.believed.delete(connectionId)
    await this.desk.ended(connectionId)
  }

  async watch(connectionId: string, ...userIds: string[]): Promise<PersonPresence[]> {
    this.watched.set(connectionId, userIds)
    const people = await this.desk.say(connectionId, { watch: userIds })
    const believed = this.believed.get(connectionId)
    believed?.clear()
    for (const person of people) believed?.set(person.userId, person)
    return people
  }
}

describe('who is there [S14.2]', () => {
  let world: World
  beforeEach(() => {
    world = new World()
  })
  const told = (): string[] =>
    world.frames
      .splice(0)
      .flatMap(({ connectionIds, people }) =>
        people.map(({ userId, state }) => `${[...connectionIds].toSorted().join('+')}: ${userId} ${state}`)
      )

  it('changes are gathered for PRESENCE_TELL_MS, and what is as before is not told', async () => {
    world.join('kim', 'hall')
    world.join('lee', 'hall')
    await world.come('kim', 'k')
    await world.come('lee', 'l')
    await world.watch('k', 'lee')
    for (const active of [false, true, false, true]) await world.desk.say('l', { active })
    await world.clock.pass(PRESENCE_TELL_MS)
    expect(told()).toEqual([])
    await world.desk.say('l', { active: false })
    await world.go('l')
    await world.clock.pass(PRESENCE_TELL_MS - 1)
    expect(told()).toEqual([])
    await world.clock.pass(1)
    expect(told()).toEqual(['k: lee offline'])
  })

  it('those who watch the same are told in one frame', async () => {
    for (const user of ['kim', 'lee', 'park', 'min']) world.join(user, 'hall')
    for (const user of ['kim', 'lee', 'park', 'min']) await world.come(user, user)
    for (const watcher of ['kim', 'lee', 'park']) await world.watch(watcher, 'min', 'lee')
    await world.desk.say('min', { active: false })
    await world.desk.say('lee', { active: false })
    await world.clock.pass(PRESENCE_TELL_MS)
    // Its own request has answered lee’s connection already.
    expect(world.frames).toHaveLength(1)
    expect(told()).toEqual(['kim+park: min away', 'kim+park: lee away'])
  })

  it('an answer that is on its way when something changes does not have the last word', async () => {
    for (const user of ['kim', 'lee']) world.join(user, 'hall')
    await world.come('kim', 'k')
    await world.come('lee', 'l')
    await world.watch('k', 'lee')
    world.join('park', 'hall')
    let open = (): void => {}
    world.held = new Promise((resolve) => (open = resolve))
    const answer = world.watch('k', 'lee', 'park')
    await world.desk.say('l', { active: false })
    await world.clock.pass(PRESENCE_TELL_MS)
    expect(told()).toEqual([])
    open()
    expect((await answer).map(({ state }) => state)).toEqual(['away', 'offline'])
    await world.desk.say('l', { active: true })
    await world.clock.pass(2 * PRESENCE_TELL_MS)
    expect(told()).toEqual(['k: lee online'])
  })

  it('a connection that is not in its rooms yet does not count, and is told of whom it watches when it is', async () => {
    world.join('kim', 'hall')
    world.join('lee', 'hall')
    await world.come('lee', 'l')
    await world.watch('l', 'kim')
    world.desk.opened({ connectionId: 'k', userId: 'kim', deviceId: 'k' })
    expect(await world.desk.say('k', { watch: ['lee'], active: false })).toEqual([])
    await world.clock.pass(PRESENCE_TELL_MS)
    expect(told()).toEqual([])
    world.userOf.set('k', 'kim')
    await world.desk.joined('k')
    await world.clock.pass(PRESENCE_TELL_MS)
    expect(told().toSorted()).toEqual(['k: lee online', 'l: kim away'])
  })

  it('a sign of life keeps it; without one it is gone, and back with the next', async () => {
    world.join('kim', 'hall')
    world.join('lee', 'hall')
    await world.come('kim', 'k')
    await world.come('lee', 'l')
    await world.watch('k', 'lee')
    for (let beat = 0; beat < 10; beat++) {
      await world.clock.pass(PRESENCE_TTL_MS - 1)
      await world.desk.heard('l')
      await world.desk.heard('nobody')
    }
    expect(told()).toEqual([])
    await world.clock.pass(PRESENCE_TTL_MS + PRESENCE_TELL_MS)
    expect(told()).toEqual(['k: lee offline'])
    await world.desk.heard('l')
    await world.clock.pass(PRESENCE_TELL_MS)
    expect(told()).toEqual(['k: lee online'])
  })

  it('storage is asked once for somebody, and of those who share no room for nothing but that', async () => {
    world.join('kim', 'hall')
    world.join('lee', 'hall')
    world.join('stranger', 'cellar')
    await world.come('kim', 'k')
    await world.come('kim', 'k2')
    for (const connection of ['k', 'k2', 'k']) await world.watch(connection, 'lee', 'stranger')
    expect(world.asked.toSorted()).toEqual(['lee', 'lee', 'lee', 'stranger'])
    await world.clock.pass(60_000)
    world.asked = []
    await world.watch('k', 'lee', 'stranger')
    // When it was last used is told to nobody: asked again after a while.
    expect(world.asked).toEqual(['lee'])
  })

  it('what could not be asked is told once it can', async () => {
    world.join('kim', 'hall')
    world.join('lee', 'hall')
    await world.come('kim', 'k')
    await world.come('lee', 'l')
    await world.watch('k', 'lee')
    world.failing = true
    await world.go('l')
    await world.clock.pass(PRESENCE_TELL_MS)
    expect(told()).toEqual([])
    world.failing = false
    await world.clock.pass(PRESENCE_TELL_MS)
    expect(told()).toEqual(['k: lee offline'])
  })

  it('who watches others than before hears no more of those', async () => {
    for (const user of ['kim', 'lee', 'park']) world.join(user, 'hall')
    for (const user of ['kim', 'lee', 'park']) await world.come(user, user)
    await world.watch('kim', 'lee', 'park')
    await world.watch('kim', 'park')
    await world.go('lee')
    await world.go('park')
    await world.clock.pass(PRESENCE_TELL_MS)
    expect(told()).toEqual(['kim: park offline'])
  })

  it('after the stop nothing is told, and nothing waits', async () => {
    world.join('kim', 'hall')
    world.join('lee', 'hall')
    await world.come('kim', 'k')
    await world.come('lee', 'l')
    await world.watch('k', 'lee')
    await world.go('l')
    await world.desk.stop()
    await world.entries.close()
    world.choose('lee', 'dnd')
    await world.clock.pass(PRESENCE_TTL_MS)
    expect([told(), world.clock.waiting]).toEqual([[], 0])
  })

  it(`whatever happens: soon all who watch know the truth of whom they may, and nothing else (seed ${firstSeed()})`, async () => {
    const random = seededRandom(firstSeed())
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
    const [users, rooms] = [Array.from({ length: 7 }, (_, nth) => `user${nth}`), ['hall', 'attic', 'cellar']]
    /** Two for each; no id comes twice. */
    const connections = users.flatMap((userId) => [`${userId}/1`, `${userId}/2`])
    const activity = new Map<string, boolean>()
    /** By connection: the requests of one are answered in their order. */
    const answers = new Map<string, Promise<void>>()
    const ask = (connectionId: string, request: () => Promise<void>): void =>
      void answers.set(connectionId, (answers.get(connectionId) ?? Promise.resolve()).then(request))
    const ownerOf = (connectionId: string): string => connectionId.split('/')[0] ?? ''
    const truth = (watcher: string, userId: string): string | undefined => {
      const mine = world.rooms.get(watcher)
      if (![...(world.rooms.get(userId) ?? [])].some((roomId) => mine?.has(roomId))) return undefined
      const chosen = world.chosen.get(userId) ?? 'auto'
      const there = connections.filter((id) => world.userOf.has(id) && ownerOf(id) === userId)
      if (chosen === 'invisible' || there.length === 0) return 'offline'
      return chosen === 'dnd' ? 'dnd' : there.some((id) => activity.get(id)) ? 'online' : 'away'
    }
    for (let round = 0; round < 150; round++) {
      for (let step = 0; step < 8; step++) {
        const nth = Math.floor(random() * connections.length)
        const [connectionId = '', userId, roomId] = [connections[nth], pick(users), pick(rooms)]
        const isThere = world.userOf.has(connectionId)
        switch (Math.floor(random() * 6)) {
          case 0:
            if (isThere) break
            activity.set(connectionId, true)
            await world.come(ownerOf(connectionId), connectionId)
            break
          case 1:
            if (!isThere || random() < 0.5) break
            connections[nth] = `${connectionId}+`
            await world.go(connectionId)
            break
          case 2:
            if (random() < 0.5) world.join(userId, roomId)
            else world.leave(userId, roomId)
            break
          case 3:
            world.choose(userId, pick(['auto', 'auto', 'dnd', 'invisible']))
            break
          case 4: {
            if (!isThere) break
            const active = random() < 0.5
            ask(connectionId, async () => {
              activity.set(connectionId, active)
              believe(connectionId, await world.desk.say(connectionId, { active }))
            })
            break
          }
          default: {
            if (!isThere) break
            const watched = users.filter(() => random() < 0.6)
            ask(connectionId, async () => void (await world.watch(connectionId, ...watched)))
          }
        }
        if (random() < 0.4) await settled()
        if (random() < 0.2) await world.clock.pass(Math.floor(random() * 700))
      }
      await Promise.all(answers.values())
      for (const connectionId of world.userOf.keys()) await world.desk.heard(connectionId)
      await world.clock.pass(2 * PRESENCE_TELL_MS)
      // Of whom one may know no more, one keeps what one was told.
      const wrong = [...world.believed].flatMap(([connectionId, people]) =>
        (world.watched.get(connectionId) ?? []).flatMap((userId) => {
          const [believed, wanted] = [people.get(userId)?.state, truth(ownerOf(connectionId), userId)]
          return wanted === undefined || believed === wanted ? [] : { round, connectionId, userId, believed, wanted }
        })
      )
      expect(wrong).toEqual([])
      for (const { connectionIds, people } of world.frames.splice(0)) {
        expect(people.every(({ state, lastSeenAt }) => state === 'offline' || lastSeenAt === undefined)).toBe(true)
        expect(connectionIds.length).toBeGreaterThan(0)
      }
    }

    function believe(connectionId: string, people: PersonPresence[]): void {
      for (const person of people) world.believed.get(connectionId)?.set(person.userId, person)
    }
  })
})
