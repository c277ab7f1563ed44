// [S6.3] What a database refuses of one operation, in the group commit that holds it: nobody else notices.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { roomStream, userStream } from '../../protocol/streams.ts'
import type { Push, PushResult } from '../../protocol/socket.ts'
import { newId } from '../../protocol/values.ts'
import { silentLog } from '../log.ts'
import { device, memberRecord, ROOM, ROOM_STREAM, roomRecord, upTo, uuid } from '../storage/contract/fixtures.ts'
import type { Storage } from '../storage/port.ts'
import { openPostgresStorage } from '../storage/postgres/storage.ts'
import { usePostgres } from '../storage/postgres/testing/database.ts'
import { overlay } from '../testing/relay-kit.ts'
import { createCommitLine } from './commit-line.ts'
import type { Told } from './commit-line.ts'
import { createPushes } from './push.ts'

const PEOPLE = upTo(5).map((n) => ({ userId: uuid('user', n), deviceId: uuid('device', n) }))
const SENT_AT = '2026-01-01T00:00:00.000Z'

describe('on PostgreSQL', () => {
  const database = usePostgres()
  let storage: Storage
  beforeEach(async () => {
    storage = await openPostgresStorage({ url: await database().place() })
    await storage.commit([ROOM_STREAM, ...PEOPLE.map(({ userId }) => userStream(userId))], async (draft) => {
      await draft.put(ROOM_STREAM, roomRecord(ROOM))
      for (const [index, { userId }] of PEOPLE.entries()) {
        await draft.put(ROOM_STREAM, memberRecord(ROOM, userId, 'joined'))
        draft.putDevice(device(index + 1, { userId }))
      }
    })
  })
  afterEach(() => storage.close())

  const sends = (firstN: number, texts: string[]): Push => ({
    settled: 0,
    operations: texts.map((body, index) => {
      const operation = { type: 'message.send', roomId: ROOM, messageId: newId(), body, sentAt: SENT_AT } as const
      return { id: newId(), n: firstN + index, operation }
    })
  })

  /** As if the database could not hold a message that says `poison`: it is given one with an id that is none. */
  const poisoned = (): Storage =>
    overlay(storage, {
      commit: (streams, work, foreseen) =>
        storage.commit(
          streams,
          async (draft) => {
            const append: typeof draft.append = (made) =>
              draft.append(made.body === 'poison' ? { ...made, id: 'poison' } : made)
            return work(new Proxy(draft, { get: (of, name) => (name === 'append' ? append : bound(of, name)) }))
          },
          foreseen
        )
    })

  it('[S6.3] stops its own sender, after what came before it; the others of the group are committed', async () => {
    const told: Told[] = []
    const line = createCommitLine(poisoned(), async (changes) => void told.push(changes), silentLog)
    const pushes = createPushes({ storage, line, now: Date.now })
    // The first is in flight while the others come together into one group.
    const texts = [['first'], ['a', 'b'], ['c', 'poison', 'd'], ['e'], ['f']]
    const push = (index: number) =>
      pushes.push(PEOPLE[index] ?? { userId: '', deviceId: '' }, sends(1, texts[index] ?? []))
    const results = await Promise.all(texts.map((_, index) => push(index)))

    expect(results.map(outcome)).toEqual([
      ['accepted'],
      ['accepted', 'accepted'],
      ['accepted', 'relay-error'],
      ['accepted'],
      ['accepted']
    ])
    const { messages } = await storage.page(ROOM, { limit: 100, maxBytes: 1e6 })
    expect(messages.map(({ body }) => body).toSorted()).toEqual(['a', 'b', 'c', 'e', 'f', 'first'])
    expect(messages.map(({ seq }) => seq)).toEqual(upTo(6))
    const changes = told.flat().filter(({ stream }) => stream === roomStream(ROOM))
    expect(changes.slice(1).map(({ from }) => from)).toEqual(changes.slice(0, -1).map(({ through }) => through))
    expect((await storage.device(uuid('device', 3)))?.answered).toBe(1)
    // Without the poison it goes on where it stopped.
    const next = await pushes.push(PEOPLE[2] ?? { userId: '', deviceId: '' }, sends(2, ['d']))
    expect(outcome(next)).toEqual(['accepted'])
  })
})

function outcome(result: PushResult): string[] {
  return [...result.answers.map(({ status }) => status), ...(result.stopped ? [result.stopped.code] : [])]
}

function bound(of: object, name: string | symbol): unknown {
  const value: unknown = Reflect.get(of, name, of)
  return typeof value === 'function' ? value.bind(of) : value
}
