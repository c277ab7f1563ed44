// @vitest-environment happy-dom
// Opening a profile while the relay says nothing: what the device holds is there all the same.
import 'fake-indexeddb/auto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { firstValueFrom } from 'rxjs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { roomStream, userStream } from '../../protocol/streams.ts'
import { newId } from '../../protocol/values.ts'
import { openProfile } from '../../src-renderer/profile.ts'
import type { Profile } from '../../src-renderer/profile.ts'
import type { Session } from '../../src-renderer/session.ts'
import { openStore } from '../../src-renderer/store/open-store.ts'
import { messageOf, roomOf, TIME } from '../../src-renderer/store/testing/records.ts'

const MESSAGES = 120
const PAGE = 50

function unexpected(): never {
  throw new Error('this was not to happen')
}

/** Accepts every connection, hears everything, and never answers. */
async function blackHole(): Promise<{ server: Server; port: number; sockets: Set<Socket> }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => socket.destroy()).resume())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the black hole has no port')
  return { server, port: address.port, sockets }
}

describe('a start before a relay that accepts connections and never answers', () => {
  const [relayId, userId, roomId] = [newId(), newId(), newId()]
  const user = { type: 'user', rev: 1, id: userId, username: 'minji', displayName: 'Minji', role: 'member' } as const
  let hole: Awaited<ReturnType<typeof blackHole>>
  let profile: Profile | undefined

  beforeEach(async () => {
    // The simulated browser has `locks: null`, which no browser has.
    vi.spyOn(navigator, 'locks', 'get').mockReturnValue(undefined as never)
    hole = await blackHole()
    const opened = await openStore({ relayId, userId, onRecordsRebuilt: unexpected })
    const joined = { type: 'membership', rev: 1, roomId, state: 'joined', changedAt: TIME, readSeq: MESSAGES } as const
    await opened.sync.applyRecords(userStream(userId), 1, [joined])
    await opened.sync.applyRecords(roomStream(roomId), 1, [
      roomOf(roomId),
      ...Array.from({ length: MESSAGES }, (_, index) => messageOf(roomId, index + 1))
    ])
    await opened.sync.saveStreams([
      { stream: userStream(userId), epoch: 1, checkpoint: 1, ranges: [], headSeq: 0 },
      { stream: roomStream(roomId), epoch: 1, checkpoint: MESSAGES, ranges: [[1, MESSAGES]], headSeq: MESSAGES }
    ])
    await opened.close()
  })

  afterEach(async () => {
    await profile?.stop()
    profile = undefined
    for (const socket of hole.sockets) socket.destroy()
    hole.server.close()
    vi.restoreAllMocks()
  })

  it('[S9] shows the rooms and the first page of the last one without an answer from the network', async () => {
    const session: Session = {
      relayUrl: `http://127.0.0.1:${hole.port}`,
      relayId,
      deviceId: newId(),
      token: 'token',
      user
    }
    const asked = once(hole.server, 'connection')
    profile = await openProfile(session, {
      kept: window.localStorage,
      sessionKept: async () => null,
      onRenewed: unexpected,
      onSignedOut: unexpected,
      onProblem: () => {} // the network, sooner or later
    })
    const { services } = profile
    const { store, status } = services
    services.openRoom(roomId)
    const rooms = await firstValueFrom(store.queries.watchRooms())
    expect(rooms.map(({ id, last }) => [id, last?.body])).toEqual([[roomId, `message ${MESSAGES}`]])
    const held = await firstValueFrom(store.queries.watchHeld(roomId))
    expect(held).toEqual({ ranges: [[1, MESSAGES]], headSeq: MESSAGES })
    const { items } = await firstValueFrom(store.queries.watchTimeline(roomId, MESSAGES - PAGE + 1))
    expect(items.map(({ seq }) => seq)).toEqual(Array.from({ length: PAGE }, (_, index) => MESSAGES - PAGE + 1 + index))
    await asked
    expect((await firstValueFrom(status)).name).not.toBe('connected')
  })
})
