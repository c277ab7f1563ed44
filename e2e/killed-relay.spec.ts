// A relay process that is killed at random moments under load: every answered operation is there once and in order, and a
// repeat gets the answer that it got before.
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { io } from 'socket.io-client'
import type { Socket } from 'socket.io-client'
import { parse } from '../protocol/parse.ts'
import { pushResultSchema, welcomeSchema } from '../protocol/socket.ts'
import type { Answer, ClientToRelayEvents, Push, RelayToClientEvents } from '../protocol/socket.ts'
import { newId } from '../protocol/values.ts'
import { seededRandom } from '../src-renderer/sync/testing/seeded-random.ts'
import { PASSWORD } from './client.ts'
import { expect, test } from './fixtures.ts'

type RelaySocket = Socket<RelayToClientEvents, ClientToRelayEvents>

const KILLS = Number(process.env['MARU_KILLS'] ?? 30)
const SEED = Number(process.env['MARU_SEED'] ?? Date.now() % 1_000_000)
const BATCH = 5

test(`[S1, S2] ${KILLS} kills under load lose, double and reorder nothing`, async ({ world }, testInfo) => {
  // oxlint-disable-next-line no-console -- a failing seed has to be seen
  console.log(`killed-relay: MARU_SEED=${SEED}`)
  testInfo.annotations.push({ type: 'seed', description: String(SEED) })
  test.setTimeout(30_000 + KILLS * 5_000)
  const { relay } = world
  const random = seededRandom(SEED)
  const ask = async (path: string, body?: unknown): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${relay.url}/api/v1${path}`, {
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) })
    })
    expect(answer.ok).toBe(true)
    return (await answer.json()) as Record<string, unknown>
  }
  let token = ''
  token = String((await ask('/accounts', { username: 'minji', password: PASSWORD, displayName: 'Minji' }))['token'])
  const roomId = newId()
  await ask('/rooms', { id: roomId, kind: 'group', name: 'Burst' })

  // The device: what it wants to say, by n, and what it was answered.
  const operations: Push['operations'] = []
  const answers = new Map<number, Answer>()
  let settled = 0

  /** Pushes until the connection breaks. */
  const talk = async (socket: RelaySocket): Promise<void> => {
    while (socket.connected) {
      while (operations.length < settled + BATCH) {
        const n = operations.length + 1
        const message = { messageId: newId(), body: `message ${n}`, sentAt: new Date().toISOString() }
        operations.push({ id: newId(), n, operation: { type: 'message.send', roomId, ...message } })
      }
      const sent: unknown = await socket
        .timeout(5_000)
        .emitWithAck('sync:push', { settled, operations: operations.slice(settled, settled + BATCH) })
        .catch((error: unknown) => error)
      if (sent instanceof Error) return
      for (const answer of parse(pushResultSchema, sent).answers) answers.set(answer.n, answer)
      // Sometimes a device is slow to settle: then a repeat is answered from what the relay remembers.
      if (random() < 0.8) settled = answers.size
    }
  }

  for (let kill = 0; kill <= KILLS; kill++) {
    const socket: RelaySocket = io(relay.url, { auth: { token, protocol: 1 }, reconnection: false })
    const [greeting] = (await once(socket as never, 'relay:welcome')) as [unknown]
    const { answered } = parse(welcomeSchema, greeting)
    expect(answered).toBeGreaterThanOrEqual(answers.size)
    const talking = talk(socket)
    await wait(10 + random() * 150)
    if (kill < KILLS) {
      await relay.kill()
      await talking
      await relay.start()
    } else {
      await expect.poll(() => answers.size).toBeGreaterThan(operations.length - BATCH)
      socket.disconnect()
      await talking
    }
  }

  interface Page {
    messages: { id: string; seq: number; kind: string }[]
    olderCursor: number | null
  }
  const stored: Page['messages'] = []
  let before: number | null = null
  do {
    const query: string = before === null ? '' : `&before=${before}`
    const page = (await ask(`/rooms/${roomId}/messages?limit=200${query}`)) as unknown as Page
    stored.unshift(...page.messages)
    before = page.olderCursor
  } while (before !== null)
  expect(stored.map(({ seq }) => seq)).toEqual(stored.map((_, index) => index + 1))
  const texts = stored.filter(({ kind }) => kind === 'text')
  const wanted = operations.map(({ operation }) => (operation.type === 'message.send' ? operation.messageId : ''))
  expect(texts.length).toBeGreaterThanOrEqual(answers.size)
  expect(texts.map(({ id }) => id)).toEqual(wanted.slice(0, texts.length))
  for (const [n, answer] of answers) {
    expect(answer).toMatchObject({ status: 'accepted', seq: texts[n - 1]?.seq })
  }
  expect(answers.size).toBeGreaterThan(KILLS)
})
