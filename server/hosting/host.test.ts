// A relay that an app hosts: the whole of it, in this process and as a fork.
import { fork } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hostTidingsSchema } from '../../protocol/hosting.ts'
import type { HostStart, HostTidings } from '../../protocol/hosting.ts'
import { silentLog } from '../log.ts'
import { cheapPasswords } from '../testing/relay-kit.ts'
import type { AnnounceOptions } from './announce.ts'
import { createHost } from './host.ts'
import type { HostParts } from './host.ts'
import { parentLine } from './parent-line.ts'

let place = ''
let ends: (() => unknown)[] = []
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'maru-host-'))
})
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
  await rm(place, { recursive: true, force: true })
})

const settings = (more: Partial<HostStart> = {}): HostStart => ({
  dataDir: join(place, 'data'),
  address: '127.0.0.1',
  port: 0,
  name: 'Home',
  announced: true,
  ...more
})

/** What a host tells, waited for by its kind. */
function tidings() {
  const told: HostTidings[] = []
  const waiting: (() => void)[] = []
  return {
    told,
    hear: (message: unknown) => {
      told.push(hostTidingsSchema.parse(message))
      for (const wake of waiting.splice(0)) wake()
    },
    next: async <T extends HostTidings['type']>(
      type: T,
      is: (each: HostTidings & { type: T }) => boolean = () => true
    ) => {
      for (;;) {
        const found = told.find((each): each is HostTidings & { type: T } => each.type === type && is(each as never))
        if (found) return found
        await new Promise<void>((resolve) => waiting.push(resolve))
      }
    }
  }
}

function host(parts: Partial<HostParts> = {}) {
  const heard = tidings()
  const errors: string[] = []
  const announcements: AnnounceOptions[] = []
  const calls: string[] = []
  const created = createHost({
    tell: async (each) => heard.hear(each),
    log: { ...silentLog, error: (text) => errors.push(text) },
    now: Date.now,
    // Looks at its state as often as it can.
    timer: (ms, run) => {
      const timeout = setTimeout(run, ms === 2_000 ? 5 : ms)
      timeout.unref()
      return () => clearTimeout(timeout)
    },
    announce: (options) => {
      announcements.push(options)
      return { announced: () => true, again: () => calls.push('again'), stop: async () => void calls.push('stop') }
    },
    relay: { passwords: cheapPasswords },
    ...parts
  })
  ends.push(() => created.stop())
  return { ...created, ...heard, errors, announcements, calls }
}

async function signUp(port: number, username: string, invite: string) {
  const body = JSON.stringify({ username, password: 'a long password', displayName: username, deviceName: 'x', invite })
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/accounts`, { method: 'POST', headers, body })
  expect(answer.status).toBe(201)
}

describe('a relay that an app hosts', () => {
  it('starts, says where it is, what identifies it and who may own it; stops and ends with 0', async () => {
    const { command, next, told, ended, announcements, calls } = host()
    await command({ type: 'start', settings: settings() })
    const ready = await next('ready')
    expect(ready).toMatchObject({ address: '127.0.0.1', hasOwner: false })
    expect(ready.fingerprint).toMatch(/^[0-9a-f]{64}$/)
    expect(ready.ownerCode).toMatch(/^[A-Z0-9-]{8,}$/)
    expect(announcements).toMatchObject([
      {
        name: 'Home',
        address: '127.0.0.1',
        port: ready.port,
        text: { v: '1', id: ready.relayId, p: '1', fp: ready.fingerprint }
      }
    ])
    expect(await next('status')).toMatchObject({ people: 0, devices: 0, names: [], announced: true, hasOwner: false })
    const answer = await fetch(`http://127.0.0.1:${ready.port}/api/v1/relay`)
    expect(await answer.json()).toMatchObject({ relay: { id: ready.relayId }, registration: 'invite', hasOwner: false })

    await signUp(ready.port, 'minji', ready.ownerCode ?? '')
    const { storedBytes } = await next('status', ({ hasOwner }) => hasOwner)
    expect(storedBytes).toBeGreaterThan(0)
    await command({ type: 'announce' })
    await command({ type: 'stop' })
    expect(told.at(-1)).toEqual({ type: 'stopped' })
    expect(await ended).toBe(0)
    expect(calls).toEqual(['again', 'stop'])
    await expect(fetch(`http://127.0.0.1:${ready.port}/healthz`)).rejects.toThrow('fetch failed')
  })

  it('the next start on the same data has the same identity, an owner and no code', async () => {
    const first = host()
    await first.command({ type: 'start', settings: settings({ announced: false }) })
    const before = await first.next('ready')
    await signUp(before.port, 'minji', before.ownerCode ?? '')
    await first.command({ type: 'stop' })
    expect(first.announcements).toEqual([])

    const second = host()
    await second.command({ type: 'start', settings: settings({ port: before.port }) })
    const after = await second.next('ready')
    const { relayId, fingerprint, port } = before
    expect(after).toEqual({ type: 'ready', address: '127.0.0.1', port, relayId, fingerprint, hasOwner: true })
  })

  it('what is no command, or comes at the wrong time, is an error in the log, and the relay goes on', async () => {
    const { command, next, told, errors } = host()
    await command({ type: 'announce' })
    await command({ type: 'backup', request: 1, folder: place })
    await command({ type: 'start', settings: settings() })
    const { port } = await next('ready')
    const bad: unknown[] = [
      undefined,
      'stop',
      { type: 'frobnicate' },
      { type: 'start' },
      { type: 'backup', request: '1', folder: place },
      { type: 'start', settings: { ...settings(), port: 70_000 } }
    ]
    for (const each of bad) await command(each)
    await command({ type: 'start', settings: settings({ dataDir: join(place, 'other') }) })
    expect(errors).toEqual([
      ...Array.from({ length: 2 }, () => 'no relay runs here'),
      ...bad.map(() => 'what came is no command'),
      'a relay is started once in a process'
    ])
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200)
    expect(told.filter(({ type }) => type === 'ready')).toHaveLength(1)
    expect(await readdir(place)).toEqual(['data'])
  })

  it('backs up into a folder of its own, as often as asked, and says how many messages are in it', async () => {
    const { command, next } = host({ now: () => Date.parse('2026-11-21T09:36:49.500Z') })
    await command({ type: 'start', settings: settings() })
    const { port, ownerCode } = await next('ready')
    await signUp(port, 'minji', ownerCode ?? '')
    const folder = join(place, 'backups')
    await mkdir(folder)
    await writeFile(join(folder, 'photo.jpg'), 'not ours')
    await command({ type: 'backup', request: 1, folder })
    await command({ type: 'backup', request: 2, folder })
    expect(await next('backed-up')).toEqual({
      type: 'backed-up',
      request: 1,
      folder: join(folder, 'maru-2026-11-21-093649'),
      messages: 0
    })
    expect(await next('backed-up', ({ request }) => request === 2)).toMatchObject({
      folder: join(folder, 'maru-2026-11-21-093649-2')
    })
    // With what identifies the relay to its devices.
    expect(await readdir(join(folder, 'maru-2026-11-21-093649', 'tls'))).toEqual(['own.pem'])
    const nowhere = join(place, 'data', 'rooms')
    await command({ type: 'backup', request: 3, folder: nowhere })
    const { request, detail } = await next('backup-failed')
    expect([request, detail]).toEqual([3, expect.stringContaining('lie in each other')])
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200)
  })

  it.each<[string, string, () => Promise<Partial<HostStart>>]>([
    [
      'another program has the port',
      'port-in-use',
      async () => {
        const other = createServer().listen(0, '127.0.0.1')
        await once(other, 'listening')
        ends.push(() => other.close())
        return { port: (other.address() as AddressInfo).port }
      }
    ],
    ['the address is gone', 'address-gone', async () => ({ address: '192.0.2.77' })],
    [
      'another relay has the data',
      'data-in-use',
      async () => {
        const other = host()
        await other.command({ type: 'start', settings: settings() })
        await other.next('ready')
        return {}
      }
    ],
    [
      'the data is damaged',
      'data-damaged',
      async () => {
        await mkdir(join(place, 'data'))
        await writeFile(join(place, 'data', 'relay.json'), '{"half": ')
        return {}
      }
    ],
    [
      'the certificate is damaged',
      'data-damaged',
      async () => {
        await mkdir(join(place, 'data', 'tls'), { recursive: true })
        await writeFile(join(place, 'data', 'tls', 'own.pem'), 'half of')
        return {}
      }
    ],
    [
      'there is no such place',
      'disk',
      async () => {
        await writeFile(join(place, 'file'), '')
        return { dataDir: join(place, 'file', 'data') }
      }
    ],
    ['the place is not said', 'disk', async () => ({ dataDir: 'data' })]
  ])('says why it cannot start when %s, and ends with 1', async (_when, problem, prepare) => {
    const more = await prepare()
    const { command, next, told, ended, stop } = host()
    await command({ type: 'start', settings: settings(more) })
    const failed = await next('failed')
    expect(failed.problem).toBe(problem)
    expect(failed.detail).not.toBe('')
    expect(await ended).toBe(1)
    await stop()
    expect(told.map(({ type }) => type)).toEqual(['failed'])
  })

  it('a stop while it starts waits for the start and stops it', async () => {
    const { command, told, ended } = host()
    const started = command({ type: 'start', settings: settings() })
    await command({ type: 'stop' })
    await started
    expect(await ended).toBe(0)
    expect(told.at(-1)).toEqual({ type: 'stopped' })
    const again = host()
    await again.command({ type: 'start', settings: settings() })
    expect(await again.next('ready')).toMatchObject({ hasOwner: false })
  })
})

describe('the process of a relay that an app hosts', () => {
  const entry = fileURLToPath(new URL('main.ts', import.meta.url))

  function start() {
    // Nothing of this process's environment may matter to it.
    const child = fork(entry, [], {
      execArgv: ['--import', 'tsx'],
      env: { PATH: '/usr/bin', PORT: '1', REGISTRATION: 'open', TLS: 'nonsense' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc']
    })
    const heard = tidings()
    child.on('message', heard.hear)
    let log = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (log += text))
    const exited = once(child, 'exit') as Promise<[number | null, string | null]>
    ends.push(() => child.kill('SIGKILL'))
    return { child, exited, next: heard.next, log: () => log }
  }

  it('does what it is told, and ends cleanly when the app is gone', async () => {
    const { child, exited, next, log } = start()
    child.send({ type: 'frobnicate' })
    child.send({ type: 'start', settings: settings({ announced: false }) })
    const { port } = await next('ready')
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200)
    expect(log()).toContain('what came is no command')
    child.disconnect()
    expect(await exited).toEqual([0, null])
  })
})

describe('the line to the app', () => {
  it('is Electron’s port where there is one', async () => {
    const port = Object.assign(new EventEmitter(), {
      sent: [] as unknown[],
      postMessage: (each: unknown) => port.sent.push(each)
    })
    const line = parentLine({ parentPort: port } as never)
    const heard: unknown[] = []
    let gone = 0
    line?.onMessage((each) => heard.push(each))
    line?.onGone(() => (gone += 1))
    port.emit('message', { data: { type: 'stop' }, ports: [] })
    port.emit('close')
    await line?.tell({ type: 'stopped' })
    expect([heard, gone, port.sent]).toEqual([[{ type: 'stop' }], 1, [{ type: 'stopped' }]])
  })

  it('there is none in a process that nobody forked; who is gone is told nothing', async () => {
    expect(parentLine({ parentPort: null } as never)).toBeUndefined()
    const line = parentLine({ send: () => expect.unreachable(), connected: false } as never)
    await expect(line?.tell({ type: 'stopped' })).resolves.toBeUndefined()
  })
})
