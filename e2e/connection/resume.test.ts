// @vitest-environment happy-dom
// The desktop app's client, put together as it is, with a bridge that stands for its shell: what a waking machine does to its connections.
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { newId } from '../../protocol/values.ts'
import type { Pull } from '../../protocol/socket.ts'
import type { DesktopBridge } from '../../src-renderer/platform/bridge.ts'
import { loadTexts } from '../../src-renderer/texts/catalogue.ts'
import { endAll, startRelay, welcome } from './scripted-relay.ts'

beforeEach(() => {
  // The simulated browser has `locks: null`, which no browser has, and no idle time.
  vi.spyOn(navigator, 'locks', 'get').mockReturnValue(undefined as never)
  vi.stubGlobal('requestIdleCallback', (run: () => void) => setTimeout(run))
  document.body.innerHTML = '<div id="root"></div>'
})
afterEach(async () => {
  await endAll()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

const nothingNew = (want: Pull['wants'][number]): object =>
  want.kind === 'changes'
    ? { ok: true, kind: want.kind, stream: want.stream, records: [], through: 0, head: 0, more: false }
    : { ok: false, error: { code: 'room-not-found', message: 'there are no rooms' } }

test('a connection that slept with the machine is asked whether it lives when the shell says that the machine woke', async () => {
  const asked: unknown[] = []
  const { url } = await startRelay({
    onSocket: (socket) => {
      socket.on('sync:pull', ({ wants }: Pull, answer) =>
        answer({ ok: true, epoch: welcome.epoch, results: wants.map(nothingNew) })
      )
      socket.on('live:presence', (_presence, answer) => answer({ ok: true, people: [] }))
      socket.on('sync:answers', (request, answer) => {
        asked.push(request)
        answer({ ok: true, answered: 0, answers: [] })
      })
      socket.emit('relay:welcome', welcome)
    }
  })
  const session = { relayUrl: url, relayId: welcome.relay.id, deviceId: newId(), user: welcome.user }
  window.localStorage.setItem('maru.session', JSON.stringify(session))
  const { relayUrl, relayId, deviceId } = session
  const secret = JSON.stringify({ tokens: [{ relayUrl, relayId, deviceId, token: 'token-1' }] })
  const resumes: (() => void)[] = []
  const quits: (() => Promise<void>)[] = []
  const never = () => () => {}
  const bridge: DesktopBridge = {
    facts: () => new Promise(() => {}),
    secret: {
      load: async () => secret,
      save: async () => 'encrypted',
      forget: async () => {},
      kept: async () => 'encrypted'
    },
    whyUnreachable: async () => 'unknown',
    onResume: (run) => {
      resumes.push(run)
      return () => {}
    },
    takeLink: async () => null,
    onLink: never,
    onQuit: (flush) => {
      quits.push(flush)
      return () => {}
    }
  }
  vi.stubGlobal('maruDesktop', bridge)
  const { startClient } = await import('../../src-renderer/client.tsx')
  const early = {
    found: null,
    kept: Promise.resolve(Object.assign(window.localStorage, { settled: async () => {} })),
    newVersion: Promise.resolve(),
    rows: Promise.resolve(null)
  }
  startClient(early, loadTexts('en'))
  await expect.poll(() => document.body.textContent, { timeout: 25_000 }).toContain('Connected')
  expect(asked).toEqual([])
  // Not while something else is asked, whose answer says as much.
  const waking = (): number => {
    for (const resume of resumes) resume()
    return asked.length
  }
  await expect.poll(waking, { timeout: 5_000 }).toBeGreaterThan(0)
  for (const quit of quits) await quit()
}, 40_000)
