import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MAX_OPEN_ROOMS_PAGE } from '../../protocol/limits.ts'
import type { Operation } from '../../protocol/operations.ts'
import type { OpenRoomsAnswer } from '../../protocol/rest.ts'
import { newId } from '../../protocol/values.ts'
import { TestRelay } from '../testing/relay-kit.ts'
import type { Person, TestDevice } from '../testing/test-device.ts'

describe('GET /open-rooms [SPEC §5]', () => {
  let relay: TestRelay
  let kim: Person
  let lee: Person
  let kims: TestDevice
  beforeEach(async () => {
    relay = await TestRelay.start()
    ;[kim, lee] = await relay.signUpAll(['kim', 'lee'])
    kims = await relay.connect(kim)
  })
  afterEach(() => relay.stop())

  const make = async (name: string, kind: 'open' | 'group' = 'open', more: object = {}): Promise<string> => {
    const roomId = newId()
    await kims.accepted({ type: 'room.create', roomId, kind, name, memberIds: [], ...more })
    return roomId
  }
  const list = async (query = ''): Promise<OpenRoomsAnswer> =>
    (await relay.rest<OpenRoomsAnswer>('GET', `open-rooms${query}`, { token: lee.token })).body
  const names = async (query: string): Promise<string[]> => (await list(query)).rooms.map(({ name }) => name)

  it('lists open rooms that are not closed, with what one joins them by, and no other rooms', async () => {
    const hall = await make('Hall', 'open', { topic: 'news' })
    await make('Secret', 'group')
    const closed = await make('Closed')
    await kims.accepted({ type: 'room.close', roomId: closed })
    const entry = { id: hall, name: 'Hall', topic: 'news', memberCount: 1, joined: false }
    expect(await list()).toEqual({ rooms: [entry], next: null })
    await relay.rest('POST', `rooms/${hall}/join`, { token: lee.token })
    expect(await list()).toEqual({ rooms: [{ ...entry, memberCount: 2, joined: true }], next: null })
  })

  it('finds them by a part of the name, whatever its case and composition', async () => {
    for (const name of ['Große Halle', 'ÉCOLE', '한국어 방']) await make(name)
    expect(await names('?query=halle')).toEqual(['Große Halle'])
    expect(await names(`?query=${encodeURIComponent('e\u0301cole')}`)).toEqual(['ÉCOLE'])
    expect(await names(`?query=${encodeURIComponent('한국'.normalize('NFD'))}`)).toEqual(['한국어 방'])
    expect(await names('?query=nothing')).toEqual([])
  })

  it('comes in pages in order of id', async () => {
    const ids = Array.from({ length: MAX_OPEN_ROOMS_PAGE + 5 }, () => newId())
    const made = ids.map((roomId): Operation => ({
      type: 'room.create',
      roomId,
      kind: 'open',
      name: 'Room',
      memberIds: []
    }))
    for (const part of [made.slice(0, 60), made.slice(60)]) await kims.apply(...part)
    const first = await list()
    expect(first.rooms).toHaveLength(MAX_OPEN_ROOMS_PAGE)
    const second = await list(`?after=${first.next}`)
    expect([...first.rooms, ...second.rooms].map(({ id }) => id)).toEqual(ids.toSorted())
    expect(second.next).toBeNull()
    expect((await relay.rest('GET', 'open-rooms?after=x', { token: lee.token })).status).toBe(400)
  })
})
