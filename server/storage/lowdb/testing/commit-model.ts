// What a storage must hold after random commits, kept in the simplest way there is, and the commits themselves. Knows no file.
import { expect } from 'vitest'
import { recordKey } from '../../../../protocol/records.ts'
import type { MessageRecord, RoomKind, RoomRecord, StreamRecord } from '../../../../protocol/records.ts'
import type { Answer } from '../../../../protocol/socket.ts'
import { readsStream, roomOfStream, roomStream, userStream } from '../../../../protocol/streams.ts'
import type { StreamId } from '../../../../protocol/streams.ts'
import * as fixtures from '../../contract/fixtures.ts'
import { readChanges, readPages, upTo, uuid, withoutRev } from '../../contract/fixtures.ts'
import { picture } from '../../contract/pictures.ts'
import type { Device, Draft, Storage, Unrevised } from '../../port.ts'

export const ROOMS = upTo(3).map((n) => uuid('room', n))
const USERS = upTo(3).map((n) => uuid('user', n))
const DEVICES = upTo(3).map((n) => uuid('device', n))
export const STREAMS: readonly StreamId[] = [
  'users',
  ...USERS.map(userStream),
  ...ROOMS.map(roomStream),
  ...ROOMS.map(readsStream)
]
const LARGE = { limit: 10_000, maxBytes: 100_000_000 }
const EMOJI = ['👍', '🎉', '❤️']
const NAMES = ['ann', 'ben', 'cho', '지민']
const KINDS: readonly RoomKind[] = ['group', 'open']

/** All that is in no stream: `account <userId>`, `device <id>`, `invite <codeHash>`, `avatar <ownerId>`. */
const THINGS = [
  ...USERS.map((id) => `account ${id}`),
  ...DEVICES.map((id) => `device ${id}`),
  'invite code',
  ...[...USERS, ...ROOMS].map((id) => `avatar ${id}`)
]

/** What one commit put, in its order. */
export interface Made {
  records: [stream: StreamId, record: StreamRecord][]
  /** Undefined: removed. */
  things: [name: string, value: object | undefined][]
}

/** Whether there was nothing to store. */
export function isEmpty({ records, things }: Made): boolean {
  return records.length + things.length === 0
}

export class CommitModel {
  readonly #streams = new Map<StreamId, Map<string, StreamRecord>>(STREAMS.map((stream) => [stream, new Map()]))
  readonly #heads = new Map<StreamId, number>(STREAMS.map((stream) => [stream, 0]))
  readonly #things = new Map<string, object | undefined>()

  take({ records, things }: Made): void {
    for (const [stream, record] of records) {
      this.#streams.get(stream)?.set(recordKey(record), record)
      this.#heads.set(stream, record.rev)
    }
    for (const [name, value] of things) this.#things.set(name, value)
  }

  /** This with one commit more. */
  with(made: Made): CommitModel {
    const copy = new CommitModel()
    const records = STREAMS.flatMap((stream) => this.#records(stream).map((record) => [stream, record] as const))
    copy.take({ records: records.map(([...pair]) => pair), things: [...this.#things] })
    copy.take(made)
    return copy
  }

  messages(roomId: string): MessageRecord[] {
    const records = [...(this.#streams.get(roomStream(roomId))?.values() ?? [])]
    return records.filter((record) => record.type === 'message').toSorted((a, b) => a.seq - b.seq)
  }

  head(stream: StreamId): number {
    return this.#heads.get(stream) ?? 0
  }

  #records(stream: StreamId): StreamRecord[] {
    return [...(this.#streams.get(stream)?.values() ?? [])].toSorted((a, b) => a.rev - b.rev)
  }

  get everything(): object {
    return {
      streams: STREAMS.map((stream) => ({ stream, head: this.#heads.get(stream), records: this.#records(stream) })),
      rooms: ROOMS.map((roomId) => this.messages(roomId)),
      things: THINGS.map((name) => this.#things.get(name))
    }
  }
}

/** The same of a storage, with as many ways of reading as there are; that they agree is checked here. */
export async function everythingIn(storage: Storage): Promise<object> {
  const streams = []
  for (const stream of STREAMS) {
    const records = await readChanges(storage, stream, 0, LARGE)
    const head = await storage.head(stream)
    streams.push({ stream, head, records })
    for (const since of [0.2, 0.6, 0.95].map((share) => Math.floor(share * head))) {
      const later = await readChanges(storage, stream, since, { limit: 23, maxBytes: 30_000 })
      expect(later.map(({ rev }) => rev)).toEqual(records.filter(({ rev }) => rev > since).map(({ rev }) => rev))
    }
    const roomId = roomOfStream(stream)
    const messages = records.filter((record) => record.type === 'message')
    for (const record of [...messages.slice(0, 3), ...messages.slice(-3)])
      expect(await storage.message(roomId ?? '', record.id)).toEqual(record)
    for (const record of records.filter(({ type }) => type === 'member'))
      if (record.type === 'member') expect(await storage.member(record.roomId, record.userId)).toEqual(record)
    for (const record of records.filter(({ type }) => type === 'reaction'))
      if (record.type === 'reaction')
        expect(await storage.reactionsBy(record.roomId, record.messageId, record.userId)).toContainEqual(record)
  }
  const rooms: MessageRecord[][] = []
  for (const roomId of ROOMS) {
    const messages = (await readPages(storage, roomId, LARGE)).flat()
    expect(messages.map(({ seq }) => seq)).toEqual(upTo(await storage.headSeq(roomId)))
    rooms.push(messages)
  }
  const things = []
  for (const name of THINGS) things.push(await thingIn(storage, name))
  await expectFound(storage)
  return { streams, rooms, things }
}

async function thingIn(storage: Storage, name: string): Promise<object | undefined> {
  const [kind, id = ''] = name.split(' ')
  if (kind === 'account') return storage.accountOf(id)
  if (kind === 'device') return storage.device(id)
  if (kind === 'invite') return storage.invite(id)
  const avatar = await storage.avatar(id)
  return avatar && { ...avatar, png: Buffer.from(avatar.png) }
}

/** That each thing is found by whatever it can be found by, and nothing else is. */
async function expectFound(storage: Storage): Promise<void> {
  const invite = await storage.invite('code')
  expect(await storage.invites()).toEqual(invite ? [invite] : [])
  const devices = (await Promise.all(DEVICES.map((id) => storage.device(id)))).filter((found) => found !== undefined)
  const accounts = (await Promise.all(USERS.map((id) => storage.accountOf(id)))).filter((found) => found !== undefined)
  for (const name of NAMES)
    expect(await storage.account(name)).toEqual(accounts.find(({ username }) => username === name))
  for (const userId of USERS)
    expect(await storage.devicesOf(userId)).toEqual(devices.filter((device) => device.userId === userId))
  for (const [index, id] of DEVICES.entries())
    expect(await storage.deviceByToken(`hash ${index + 1}`)).toEqual(devices.find((device) => device.id === id))
  const rooms: RoomRecord[] = []
  for (const roomId of ROOMS) {
    const room = await storage.room(roomId)
    if (room) rooms.push(room)
  }
  for (const kind of KINDS)
    expect(await storage.rooms({ kinds: [kind], limit: 9 })).toEqual(rooms.filter((room) => room.kind === kind))
}

/** Commits that people might make, in no order that makes sense. */
export class RandomCommits {
  readonly #random: () => number
  #messages = 0

  constructor(random: () => number) {
    this.#random = random
  }

  pick(below: number): number {
    return Math.floor(this.#random() * below)
  }

  /** @returns the promise of the commit, and what it puts, which is whole when the commit was tried. */
  start(storage: Storage): { made: Made; done: Promise<unknown> } {
    const made: Made = { records: [], things: [] }
    const actions = 1 + this.pick(6)
    const done = storage.commit(STREAMS, async (draft) => {
      // A commit that runs again makes everything again.
      for (const list of [made.records, made.things]) list.length = 0
      for (let action = 0; action < actions; action++) await this.#act(draft, made)
    })
    return { made, done }
  }

  async #act(draft: Draft, made: Made): Promise<void> {
    const roomId = ROOMS[this.pick(ROOMS.length)] ?? ''
    const stream = roomStream(roomId)
    const userId = USERS[this.pick(USERS.length)] ?? ''
    const put = async (to: StreamId, record: Unrevised<StreamRecord>) =>
      void made.records.push([to, await draft.put(to, record)])
    switch (this.pick(15)) {
      case 0:
        return put(stream, { ...fixtures.roomRecord(roomId, `name ${this.pick(1_000)}`), kind: this.#one(KINDS) })
      case 1:
        return put(stream, fixtures.memberRecord(roomId, userId, this.pick(3) === 0 ? 'left' : 'joined'))
      case 2:
        return put('users', fixtures.userRecord(userId, `user${this.pick(1_000)}`))
      case 3:
        return put(userStream(userId), {
          type: 'membership',
          roomId,
          state: 'joined',
          changedAt: fixtures.TIME,
          readSeq: this.pick(99)
        })
      case 4:
        return put(readsStream(roomId), { type: 'read', roomId, userId, seq: this.pick(1_000) })
      case 5:
        return this.#answer(draft, made)
      case 6:
      case 7: {
        const message = await this.#old(draft, roomId)
        if (message)
          await put(stream, { ...withoutRev(message), body: `edit ${this.pick(1_000)}`, editedAt: fixtures.TIME })
        return
      }
      case 8: {
        const message = await this.#old(draft, roomId)
        const emoji = EMOJI[this.pick(EMOJI.length)] ?? ''
        const set = this.pick(3) > 0
        if (message)
          await put(stream, { type: 'reaction', roomId, messageId: message.id, seq: message.seq, userId, emoji, set })
        return
      }
      case 12:
        if (this.pick(4) === 0) return put(userStream(userId), { type: 'preferences', availability: 'invisible' })
        return put(userStream(userId), { type: 'block', userId: this.#one(USERS), set: this.pick(2) === 0 })
      case 13:
        return this.#account(draft, made, userId)
      case 14:
        return this.#picture(draft, made)
      case 9: {
        // So that segments become full.
        for (let many = this.pick(4) === 0 ? 150 : 5; many > 0; many--) await this.#append(draft, made, roomId)
        return
      }
      default:
        return this.#append(draft, made, roomId)
    }
  }

  async #append(draft: Draft, made: Made, roomId: string): Promise<void> {
    this.#messages += 1
    const body = this.pick(20) === 0 ? 'ㅋ'.repeat(this.pick(1_500)) : `message ${this.#messages}`
    made.records.push([roomStream(roomId), await draft.append(fixtures.message(roomId, this.#messages, body))])
  }

  async #old(draft: Draft, roomId: string): Promise<MessageRecord | undefined> {
    for (let tries = 0; tries < 5; tries++) {
      const message = await draft.message(roomId, uuid('message', 1 + this.pick(this.#messages)))
      if (message) return message
    }
    return undefined
  }

  /** [S2] An answer more that is remembered, and some that are settled. */
  async #answer(draft: Draft, made: Made): Promise<void> {
    const which = 1 + this.pick(DEVICES.length)
    const userId = this.#one(USERS)
    const former = (await draft.device(uuid('device', which))) ?? fixtures.device(which, { userId })
    const answered = former.answered + 1
    const settled = former.settled + this.pick(Math.min(3, answered - former.settled))
    const answer: Answer = {
      status: 'accepted',
      n: answered,
      id: uuid('message', answered),
      stream: 'users',
      rev: answered
    }
    const answers = [...former.answers, answer].filter(({ n }) => n > settled)
    const device: Device = { ...former, answered, settled, answers }
    draft.putDevice(device)
    made.things.push([`device ${device.id}`, device])
    if (this.pick(3) > 0) return
    const usesLeft = this.pick(100)
    const invite = fixtures.invite(1, { codeHash: 'code', usesLeft })
    if (this.pick(2) === 0) draft.putInvite(invite)
    else draft.removeInvite('code')
    made.things.push(['invite code', (await draft.invite('code')) && invite])
  }

  /** [S11.9] Under a name that is free; or all that hangs on one goes. */
  async #account(draft: Draft, made: Made, userId: string): Promise<void> {
    const username = this.#one(NAMES)
    const holder = await draft.account(username)
    if (!holder || holder.userId === userId) {
      const account = { userId, username, passwordHash: `${this.pick(1_000)}` }
      draft.putAccount(account)
      return void made.things.push([`account ${userId}`, account])
    }
    draft.removeAccount(holder.userId)
    draft.putAvatar(holder.userId, null)
    made.things.push([`account ${holder.userId}`, undefined], [`avatar ${holder.userId}`, undefined])
    for (const { id } of await draft.devicesOf(holder.userId)) {
      draft.removeDevice(id)
      made.things.push([`device ${id}`, undefined])
    }
  }

  async #picture(draft: Draft, made: Made): Promise<void> {
    const ownerId = this.#one([...USERS, ...ROOMS])
    const avatar = this.pick(3) === 0 ? null : picture(this.pick(1_000), 100 + this.pick(3_000))
    draft.putAvatar(ownerId, avatar)
    made.things.push([`avatar ${ownerId}`, avatar ? { ownerId, ...avatar } : undefined])
  }

  #one<T>(list: readonly T[]): T {
    return list[this.pick(list.length)] as T
  }
}
