// A store that an earlier version has made opens, with what is in it: its schemas are written down here as they were, so that none changes unseen.
import { createRxDatabase } from 'rxdb'
import { firstValueFrom } from 'rxjs'
import { expect, it } from 'vitest'
import { asideRoomId } from '../../protocol/derived-ids.ts'
import { roomStream, userStream } from '../../protocol/streams.ts'
import { newId } from '../../protocol/values.ts'
import { databaseNames } from './database-names.ts'
import { hashFunction } from './databases.ts'
import { indexedDbStorage } from './device-storage.ts'
import { testDevice } from './testing/device.ts'
import { memberOf, membershipOf, messageOf, roomOf, userOf } from './testing/records.ts'

const key = { type: 'string', maxLength: 160 }
const id = { type: 'string', maxLength: 64 }
const seq = { type: 'number', minimum: 0, maximum: Number.MAX_SAFE_INTEGER, multipleOf: 1 }
const open = { type: 'object', additionalProperties: true }

function schema(properties: object, indexes: string[][] = []) {
  const all = { ...properties, key }
  return {
    version: 0,
    primaryKey: 'key',
    type: 'object',
    properties: all,
    required: ['key', ...indexes.flat()],
    indexes
  }
}

/** Of November 2026, before there were kinds of rooms beside groups and open ones. */
const RECORDS = {
  users: schema({ ext: open }),
  memberships: schema({ ext: open }),
  rooms: schema({ ext: open }),
  members: schema({ roomId: id, userId: id, ext: open }, [['roomId', 'userId']]),
  messages: schema({ roomId: id, seq, ext: open }, [['roomId', 'seq']]),
  reactions: schema({ roomId: id, seq, ext: open }, [['roomId', 'seq']]),
  streams: schema({ state: open })
}
const OWN = {
  outbox: schema({ entry: open, counter: open }),
  drafts: schema({ text: { type: 'string' } }),
  device: schema({ generation: seq })
}

it('is not rebuilt, keeps every word, and takes the records of today', async () => {
  const me = newId()
  const device = testDevice(me)
  const names = databaseNames(device.relayId, me)
  const room = newId()
  const row = (record: object, rowKey: string) => ({ ...record, key: rowKey, epoch: 1 })
  const message = messageOf(room, 1, { body: 'from before' })
  const state = { stream: roomStream(room), epoch: 1, checkpoint: 9, ranges: [[1, 1]], headSeq: 1 }
  const words = {
    type: 'message.send',
    roomId: room,
    messageId: newId(),
    body: 'unsent',
    sentAt: '2026-02-10T06:05:00.000Z'
  }
  const entry = {
    id: newId(),
    place: 1,
    n: null,
    createdAt: words.sentAt,
    dependsOn: [],
    operation: words,
    state: 'pending'
  }
  const rows: Record<string, object[]> = {
    users: [row(userOf(me), me)],
    memberships: [row(membershipOf(room), room)],
    rooms: [row(roomOf(room), room)],
    members: [row(memberOf(room, me), `${room}|${me}`)],
    messages: [row(message, `${room}|${message.id}`)],
    streams: [{ key: state.stream, state }],
    outbox: [{ key: entry.id, entry }],
    drafts: [{ key: room, text: 'unfinished' }]
  }
  for (const [name, schemas] of [
    [names.own, OWN],
    [names.records(0), RECORDS]
  ] as const) {
    const database = await createRxDatabase({ name, storage: indexedDbStorage(device.disk).rx, hashFunction })
    for (const [collection, each] of Object.entries(schemas)) {
      await database.addCollections({ [collection]: { schema: each as never } })
      const made = database.collections as unknown as Record<
        string,
        { bulkInsert: (rows: object[]) => Promise<unknown> }
      >
      await made[collection]?.bulkInsert(rows[collection] ?? [])
    }
    await database.close()
  }

  const rebuilt: unknown[] = []
  const store = await device.open({ paceMs: 0, onRecordsRebuilt: (cause) => rebuilt.push(cause) })
  const { chat, sync } = store
  const aside = asideRoomId(room, [me, 'mina'])
  await sync.applyRecords(roomStream(aside), 1, [
    roomOf(aside, { kind: 'aside', name: '', parentId: room }),
    messageOf(aside, 1, { anchorSeq: 1, mentions: [me], body: 'of today' })
  ])
  const block = { type: 'block', rev: 9, userId: 'jun', set: true } as const
  const preferences = { type: 'preferences', rev: 10, availability: 'dnd' } as const
  await sync.applyRecords(userStream(me), 1, [membershipOf(aside, { parentId: room }), block, preferences])
  await expect
    .poll(async () => (await firstValueFrom(chat.queries.watchTimeline(room, 1))).items.map(({ body }) => body))
    .toEqual(['from before', 'of today', 'unsent'])
  expect([...(await firstValueFrom(chat.queries.watchBlocked()))]).toEqual(['jun'])
  expect(await firstValueFrom(chat.queries.watchPreferences())).toEqual({ availability: 'dnd' })
  expect(await chat.queries.loadDraft(room)).toBe('unfinished')
  expect(rebuilt).toEqual([])
  await store.close()
})
