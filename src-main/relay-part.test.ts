import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BrowserWindow as RealWindow, Session } from 'electron'
import type { FoundRelay } from '../src-renderer/platform/bridge.ts'
import { startRelayPart } from './relay-part.ts'
import { app, BrowserWindow, dialog, FakeSession, powerMonitor, utilityProcess } from './testing/fake-electron.ts'
import type { FakeUtilityProcess } from './testing/fake-electron.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

const FINGERPRINT = 'ab'.repeat(32)
const WISH = { address: '127.0.0.1', port: 4100, name: 'Home' }
const READY = { type: 'ready', ...WISH, relayId: 'r1', fingerprint: FINGERPRINT, hasOwner: true }

let session: FakeSession
let window: InstanceType<typeof BrowserWindow>
let works: (() => Promise<void>)[]
let browsing: number
let tellFound: (relays: readonly FoundRelay[]) => void
const argv = process.argv

beforeEach(async () => {
  app.userData = await mkdtemp(join(tmpdir(), 'maru-relay-part-'))
  app.done.length = 0
  app.relaunches.length = 0
  dialog.chosen = []
  powerMonitor.removeAllListeners()
  utilityProcess.forked.length = 0
  session = new FakeSession()
  window = new BrowserWindow({ webPreferences: {} })
  works = []
  browsing = 0
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] })
})
afterEach(async () => {
  vi.useRealTimers()
  process.argv = argv
  await rm(app.userData, { recursive: true })
})

function started() {
  return startRelayPart({
    session: session as unknown as Session,
    bundle: { hostEntry: '/app/host.js', client: '/app/renderer' },
    currentWindow: () => window as unknown as RealWindow,
    findRelays: ({ onChange }) => {
      browsing += 1
      tellFound = onChange
      return () => void (browsing -= 1)
    },
    beforeQuit: (work) => void works.push(work),
    onProblem: () => {}
  })
}

async function on(answers: ReturnType<typeof started>['answers']): Promise<FakeUtilityProcess> {
  const done = answers['host:start'](WISH)
  await vi.waitFor(() => expect(utilityProcess.forked).toHaveLength(1))
  const process = utilityProcess.forked[0]?.process
  if (!process) throw new Error('nothing was forked')
  process.emit('message', READY)
  await done
  return process
}

describe('a relay inside the app', () => {
  it('runs the entry with its data in the profile, and the page hears of each state', async () => {
    const { answers } = started()
    const process = await on(answers)
    expect(utilityProcess.forked[0]?.modulePath).toBe('/app/host.js')
    expect(process.sent[0]).toMatchObject({
      settings: { dataDir: join(app.userData, 'relay'), webRoot: '/app/renderer', ...WISH }
    })
    expect(await answers['host:chosen']()).toEqual(WISH)
    expect(await answers['host:state']()).toMatchObject({ name: 'on', url: 'https://127.0.0.1:4100' })
    expect(window.webContents.sent.map(([channel, state]) => [channel, (state as { name: string }).name])).toEqual([
      ['host:state', 'starting'],
      ['host:state', 'on']
    ])
  })

  it('ends before the app does, and is there again after its next start', async () => {
    const { answers } = started()
    const process = await on(answers)
    const ends = works[0]?.()
    expect(process.sent.at(-1)).toEqual({ type: 'stop' })
    process.emit('exit', 0)
    await ends
    started()
    expect(utilityProcess.forked).toHaveLength(2)
  })

  it('is announced again after a sleep', async () => {
    const process = await on(started().answers)
    powerMonitor.emit('resume')
    expect(process.sent.at(-1)).toEqual({ type: 'announce' })
  })

  it('is backed up into the folder that the person chooses, or not at all', async () => {
    const { answers } = started()
    const process = await on(answers)
    expect(await answers['host:backup']()).toBeNull()
    expect(process.sent).toHaveLength(1)
    dialog.chosen = ['/media/disk']
    const done = answers['host:backup']()
    await vi.waitFor(() => expect(process.sent).toHaveLength(2))
    expect(process.sent[1]).toEqual({ type: 'backup', request: 1, folder: '/media/disk' })
    process.emit('message', { type: 'backed-up', request: 1, folder: '/media/disk/maru-1', messages: 3 })
    expect(await done).toEqual({ folder: '/media/disk/maru-1', messages: 3 })
  })

  it('a busy port is told with one that is free', async () => {
    const busy = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => void busy.once('listening', resolve))
    const { port } = busy.address() as AddressInfo
    const { answers } = started()
    const done = answers['host:start']({ ...WISH, port: port - 1 })
    await vi.waitFor(() => expect(utilityProcess.forked).toHaveLength(1))
    utilityProcess.forked[0]?.process.emit('message', { type: 'failed', problem: 'port-in-use', detail: '' })
    await done
    const suggested = async () => (await answers['host:state']()) as { freePort?: number }
    await vi.waitFor(async () => expect((await suggested()).freePort).toBeDefined())
    expect((await suggested()).freePort).toBeGreaterThan(port)
    await new Promise((resolve) => void busy.close(resolve))
  })
})

it('relays are looked for while somebody asks', async () => {
  const { answers } = started()
  expect(browsing).toBe(0)
  expect(await answers['relays:found']()).toEqual([])
  const found = { relayId: 'r1', name: 'Home', url: 'http://10.0.0.1:4100' }
  tellFound([found])
  expect(await answers['relays:found']()).toEqual([found])
  await vi.advanceTimersByTimeAsync(10_000)
  expect(browsing).toBe(0)
})

describe('certificates', () => {
  it('are asked for from the first one on', () => {
    expect(session.onCertificate).toBeUndefined()
    started()
    expect(session.onCertificate).toBeDefined()
  })

  it('a pin that holds no more ends the connections that rest on it, and the app starts anew with the link', async () => {
    process.argv = ['maru', '.', '--profile=a', 'maru://join?relay=https://old&code=a']
    const { answers } = started()
    await answers['certificate:pin']('https://relay.test', FINGERPRINT)
    expect(await answers['certificate:pinned']('https://relay.test')).toBe(FINGERPRINT)
    expect(app.relaunches).toEqual([])
    await answers['certificate:unpin']('https://relay.test', 'maru://join?new')
    expect(await answers['certificate:pinned']('https://relay.test')).toBeNull()
    expect(session.closed).toBe(1)
    expect(app.relaunches).toMatchObject([{ args: ['.', '--profile=a', 'maru://join?new'] }])
    expect(app.done).toEqual(['quit'])
  })

  it('a pin that could not be taken off leaves everything as it is', async () => {
    const { answers } = started()
    await answers['certificate:pin']('https://relay.test', FINGERPRINT)
    await rm(join(app.userData, 'maru'), { recursive: true })
    await writeFile(join(app.userData, 'maru'), '')
    await expect(answers['certificate:unpin']('https://relay.test', null)).rejects.toThrow('maru')
    expect(await answers['certificate:pinned']('https://relay.test')).toBe(FINGERPRINT)
    expect(app.relaunches).toEqual([])
  })
})
