// The contract by chance of what is put and removed again: accounts, devices, invites, pictures, blocks, preferences, kinds of rooms. Knows no driver.
import { describe, expect, it } from 'vitest'
import type { RoomKind } from '../../../protocol/records.ts'
import { roomStream, userStream } from '../../../protocol/streams.ts'
import type { Account, Avatar, Device, Draft, Invite, Reader } from '../port.ts'
import { firstSeed } from '../testing/test-size.ts'
import * as fixtures from './fixtures.ts'
import type { Open } from './fixtures.ts'
import { upTo, uuid } from './fixtures.ts'
import { picture } from './pictures.ts'
import { seededRandom } from './seeded-random.ts'

const STEPS = 80
const USERS = upTo(4).map((n) => uuid('user', n))
const NAMES = ['ann', 'ben', 'cho', 'dal', 'eun', '지민']
const ROOMS = upTo(5).map((n) => uuid('room', n))
const KINDS: readonly RoomKind[] = ['group', 'open', 'direct']
const STREAMS = [...USERS.map(userStream), ...ROOMS.map(roomStream)]

type Pick = (below: number) => number

class OnPurpose extends Error {}

/** Maps, and nothing else. */
class Model {
  readonly accounts = new Map<string, Account>()
  readonly devices = new Map<string, Device>()
  readonly invites = new Map<string, Invite>()
  readonly avatars = new Map<string, Avatar>()
  readonly blocks = new Map<string, boolean>()
  readonly availability = new Map<string, 'dnd' | 'invisible'>()
  readonly kinds = new Map<string, RoomKind>()

  /** What a commit changes that may fail. */
  copy(): Model {
    const copy = new Model()
    for (const name of ['accounts', 'devices', 'invites', 'avatars', 'blocks', 'availability', 'kinds'] as const) {
      for (const [key, value] of this[name]) (copy[name] as Map<string, unknown>).set(key, value)
    }
    return copy
  }
}

export function peopleModelContract(open: Open): void {
  // 62370: a name that passes from one account to another within a commit.
  const seeds = [1, 2, 62_370, firstSeed()]
  describe('random people', () => {
    it.each(seeds)('[S1] [S11.9] come and go as in the simplest model, seed %d', { timeout: 60_000 }, async (seed) => {
      const opened = await open()
      try {
        const random = seededRandom(seed)
        await expect(run(opened, (below) => Math.floor(random() * below))).resolves.toBe(STEPS)
      } finally {
        await opened.dispose()
      }
    })
  })
}

async function run(opened: Awaited<ReturnType<Open>>, pick: Pick): Promise<number> {
  let { storage } = opened
  let model = new Model()
  for (let step = 0; step < STEPS; step++) {
    const next = model.copy()
    const fails = pick(8) === 0
    const committed = storage.commit(STREAMS, async (draft) => {
      for (let actions = 1 + pick(6); actions > 0; actions--) await act(draft, next, pick)
      await compare(draft, next)
      if (fails) throw new OnPurpose()
    })
    const failure: unknown = await committed.then(
      () => undefined,
      (error: unknown) => error
    )
    expect(failure instanceof OnPurpose ? undefined : failure).toBeUndefined()
    if (!fails) model = next
    if (pick(12) === 0) storage = await opened.reopen()
    if (pick(4) === 0) await compare(storage, model)
  }
  await compare(await opened.reopen(), model)
  return STEPS
}

async function act(draft: Draft, model: Model, pick: Pick): Promise<void> {
  const one = <T>(list: readonly T[]): T => list[pick(list.length)] as T
  const userId = one(USERS)
  switch (pick(9)) {
    case 0: {
      const taken = new Set([...model.accounts.values()].map(({ username }) => username))
      const account = { userId, username: one(NAMES.filter((name) => !taken.has(name))), passwordHash: `${pick(99)}` }
      draft.putAccount(account)
      return void model.accounts.set(userId, account)
    }
    case 1:
      draft.removeAccount(userId)
      return void model.accounts.delete(userId)
    case 2: {
      const n = 1 + pick(6)
      const made = fixtures.device(n, { userId, tokenHash: pick(4) === 0 ? null : `token ${n} ${pick(3)}` })
      draft.putDevice(made)
      return void model.devices.set(made.id, made)
    }
    case 3: {
      const id = uuid('device', 1 + pick(6))
      draft.removeDevice(id)
      return void model.devices.delete(id)
    }
    case 4: {
      const made = fixtures.invite(1 + pick(5), { usesLeft: pick(5), createdBy: userId, roomIds: ROOMS.slice(pick(5)) })
      if (pick(2) === 0) {
        draft.removeInvite(made.codeHash)
        return void model.invites.delete(made.codeHash)
      }
      draft.putInvite(made)
      return void model.invites.set(made.codeHash, made)
    }
    case 5: {
      const ownerId = one([...USERS, ...ROOMS])
      if (pick(3) === 0) {
        draft.putAvatar(ownerId, null)
        return void model.avatars.delete(ownerId)
      }
      const made = picture(pick(1_000))
      draft.putAvatar(ownerId, made)
      return void model.avatars.set(ownerId, { ownerId, ...made })
    }
    case 6: {
      const [other, set] = [one(USERS), pick(2) === 0]
      await draft.put(userStream(userId), { type: 'block', userId: other, set })
      return void model.blocks.set(`${userId} ${other}`, set)
    }
    case 7: {
      const availability = one(['dnd', 'invisible'] as const)
      await draft.put(userStream(userId), { type: 'preferences', availability })
      return void model.availability.set(userId, availability)
    }
    default: {
      const [roomId, kind] = [one(ROOMS), one(KINDS)]
      await draft.put(roomStream(roomId), { ...fixtures.roomRecord(roomId), kind })
      return void model.kinds.set(roomId, kind)
    }
  }
}

async function compare(reader: Reader, model: Model): Promise<void> {
  const devices = [...model.devices.values()]
  for (const username of NAMES) {
    const expected = [...model.accounts.values()].find((account) => account.username === username)
    expect(await reader.account(username)).toEqual(expected)
  }
  for (const userId of USERS) {
    expect(await reader.accountOf(userId)).toEqual(model.accounts.get(userId))
    const own = devices.filter((device) => device.userId === userId)
    expect(await reader.devicesOf(userId)).toEqual(own.toSorted((a, b) => (a.id < b.id ? -1 : 1)))
    let count = 0
    for (const other of USERS) {
      const set = model.blocks.get(`${userId} ${other}`)
      expect((await reader.block(userId, other))?.set).toBe(set)
      count += Number(set ?? false)
    }
    expect(await reader.blockCount(userId)).toBe(count)
    expect((await reader.preferences(userId))?.availability).toBe(model.availability.get(userId))
  }
  for (const n of upTo(6)) {
    const id = uuid('device', n)
    expect(await reader.device(id)).toEqual(model.devices.get(id))
    for (const token of [`token ${n} 0`, `token ${n} 1`, `token ${n} 2`])
      expect(await reader.deviceByToken(token)).toEqual(devices.find(({ tokenHash }) => tokenHash === token))
  }
  const invites = [...model.invites.values()].toSorted((a, b) => (a.codeHash < b.codeHash ? -1 : 1))
  expect(await reader.invites()).toEqual(invites)
  for (const ownerId of [...USERS, ...ROOMS]) {
    const found = await reader.avatar(ownerId)
    expect(found && { ...found, png: Buffer.from(found.png) }).toEqual(model.avatars.get(ownerId))
  }
  for (const kinds of [...KINDS.map((kind) => [kind]), ['open', 'direct'] as const]) {
    const expected = ROOMS.filter((roomId) => kinds.some((kind) => kind === model.kinds.get(roomId)))
    const found = await reader.rooms({ kinds, limit: 4, after: ROOMS[0] ?? '' })
    expect(found.map(({ id }) => id)).toEqual(expected.filter((id) => id !== ROOMS[0]).slice(0, 4))
  }
}
