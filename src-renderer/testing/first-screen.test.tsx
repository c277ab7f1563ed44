// The first screen of a device that holds its room: drawn once, with all that it shows, before the store is open.
import { render } from '@testing-library/react'
import { Profiler } from 'react'
import { NEVER } from 'rxjs'
import { afterEach, expect, it } from 'vitest'
import { roomStream, userStream } from '../../protocol/streams.ts'
import { newId } from '../../protocol/values.ts'
import { App } from '../app.tsx'
import { prepareRoom } from '../features/timeline/use-room-shown.ts'
import { hashOfRoom } from '../platform/hash-route.ts'
import { readFirstRows } from '../store/first-rows.ts'
import { storeAhead } from '../store/store-ahead.ts'
import { testDevice } from '../store/testing/device.ts'
import { en } from '../texts/en.ts'
import { fakeServices } from './fake-services.tsx'

const at = '2026-02-10T06:05:00.000Z'
const EPOCH = 1
const device = testDevice()
afterEach(() => device.close())

it('shows the messages when it is drawn for the first time, at the place where the person was reading', async () => {
  const [roomId, { userId }] = [newId(), device]
  const { sync, chat } = await device.open()
  await sync.applyRecords('users', EPOCH, [
    { type: 'user', rev: 1, id: userId, username: 'dana', displayName: 'Dana', role: 'member', createdAt: at }
  ])
  await sync.applyRecords(userStream(userId), EPOCH, [
    { type: 'membership', rev: 1, roomId, state: 'joined', changedAt: at, readSeq: 3 }
  ])
  const said = (seq: number) =>
    ({ type: 'message', rev: seq + 2, id: newId(), roomId, seq, kind: 'text', authorId: userId }) as const
  await sync.applyRecords(roomStream(roomId), EPOCH, [
    { type: 'room', rev: 1, id: roomId, kind: 'group', name: 'hall', createdBy: userId, createdAt: at },
    { type: 'member', rev: 2, roomId, userId, role: 'owner', state: 'joined', joinedAt: at, joinedSeq: 0 },
    ...[1, 2, 3].map((seq) => ({ ...said(seq), body: `message ${seq}`, sentAt: at, acceptedAt: at }))
  ])
  await sync.saveStreams([{ stream: roomStream(roomId), epoch: EPOCH, checkpoint: 5, ranges: [[1, 3]], headSeq: 3 }])
  await chat.commands.saveScroll(roomId, { seq: 2, offset: 7 })
  await device.close()

  const rows = await readFirstRows({ relayId: device.relayId, userId, roomId }, device.disk)
  const store = storeAhead(rows!, { userId, roomId }, new Promise(() => {}))
  const first = await prepareRoom(store.queries, roomId)
  expect(first).toEqual({ roomId, place: { seq: 2, offset: 7 } })

  window.location.hash = hashOfRoom(roomId)
  const { services } = fakeServices()
  /** What stood in the list after each time that something was drawn; rows have no height here, so that only its beginning is in it. */
  const drawn: (string | undefined)[] = []
  render(
    <Profiler id="screen" onRender={() => drawn.push(document.querySelector('[role="log"]')?.textContent)}>
      <App screen={{ name: 'rooms', first, services: { ...services, store, history: NEVER } }} />
    </Profiler>
  )
  expect(drawn[0]).toBe(en.timeline.beginning)
  rows?.close()
})
