import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { HostCommand, HostTidings } from '../protocol/hosting.ts'
import type { HostAddress, HostState } from '../src-renderer/platform/bridge.ts'
import type { HostChoice, HostOptions } from './host-choice.ts'
import type { HostProcessEvents } from './host-process.ts'
import { createHosting, LOOK_AT_ADDRESSES_EVERY_MS, STOP_PATIENCE_MS } from './hosting.ts'
import type { Hosting } from './hosting.ts'

const HOME: HostOptions = { address: '192.168.0.10', port: 4100, name: 'Home' }
const FINGERPRINT = 'ab'.repeat(32)
const READY = {
  type: 'ready' as const,
  address: HOME.address,
  port: HOME.port,
  relayId: 'r1',
  fingerprint: FINGERPRINT,
  hasOwner: false,
  ownerCode: 'stone-lamp'
}

/** A process as Electron would give it: says nothing by itself. */
class FakeProcess {
  readonly sent: HostCommand[] = []
  readonly events: HostProcessEvents
  killed = false
  constructor(events: HostProcessEvents) {
    this.events = events
  }
  send(command: HostCommand): void {
    this.sent.push(command)
  }
  kill(): void {
    this.killed = true
  }
  tell(tidings: HostTidings): void {
    this.events.onTidings(tidings)
  }
  exit(code = 0): void {
    this.events.onExit(code)
  }
  get commands(): string[] {
    return this.sent.map(({ type }) => type)
  }
}

let hosting: Hosting
let processes: FakeProcess[]
let timers: { ms: number; work: () => void }[]
let everies: { ms: number; work: () => void }[]
let addresses: HostAddress[]
let kept: HostChoice | null
let saved: HostChoice[]
let states: HostState[]
let problems: unknown[]
let nowMs: number
let freePort: (address: string, above: number) => Promise<number | null>
let saving: () => Promise<void>

function create(): void {
  hosting = createHosting({
    kept: {
      load: () => kept,
      save: async (choice) => {
        await saving()
        kept = choice
        saved.push(choice)
      }
    },
    startProcess: (events) => {
      const process = new FakeProcess(events)
      processes.push(process)
      return process
    },
    dataDir: '/data/relay',
    webRoot: '/app/renderer',
    addresses: () => addresses,
    freePort: async (address, above) => freePort(address, above),
    now: () => nowMs,
    after: (ms, work) => {
      const timer = { ms, work }
      timers.push(timer)
      return () => void (timers = timers.filter((each) => each !== timer))
    },
    every: (ms, work) => {
      everies.push({ ms, work })
      return () => {}
    },
    onState: (state) => states.push(state),
    onProblem: (problem) => problems.push(problem)
  })
}

beforeEach(() => {
  processes = []
  timers = []
  everies = []
  addresses = [{ address: HOME.address, interfaceName: 'eth0', isPrivate: true }]
  kept = null
  saved = []
  states = []
  problems = []
  nowMs = 0
  freePort = async () => null
  saving = async () => {}
  create()
})

function last(): FakeProcess {
  const process = processes.at(-1)
  if (!process) throw new Error('nothing was started')
  return process
}

/** The person starts it, and its process is there. */
async function beginning(options = HOME): Promise<{ done: Promise<void>; process: FakeProcess }> {
  const before = processes.length
  const done = hosting.start(options)
  await vi.waitFor(() => expect(processes.length).toBe(before + 1))
  return { done, process: last() }
}

async function on(): Promise<FakeProcess> {
  const { done, process } = await beginning()
  process.tell(READY)
  await done
  return process
}

/** The next timer that waits. */
function elapse(): number {
  const timer = timers.shift()
  if (!timer) throw new Error('nobody waits')
  timer.work()
  return timer.ms
}

describe('host here', () => {
  it('begins with nothing, and nothing is started by itself', () => {
    hosting.startAsChosen()
    expect(hosting.now()).toEqual({ name: 'off' })
    expect(hosting.keepsAppRunning()).toBe(false)
    expect(processes).toEqual([])
    expect(hosting.chosen()).toBeNull()
  })

  it('starts the relay with its data, its client and what was chosen, and tells where it is', async () => {
    const { done, process } = await beginning()
    expect(process.sent).toEqual([
      { type: 'start', settings: { dataDir: '/data/relay', webRoot: '/app/renderer', ...HOME, announced: true } }
    ])
    expect(hosting.now()).toEqual({ name: 'starting' })
    process.tell(READY)
    await done
    expect(hosting.now()).toMatchObject({
      name: 'on',
      relayName: 'Home',
      url: 'https://192.168.0.10:4100',
      browserUrl: 'http://192.168.0.10:4100',
      fingerprint: FINGERPRINT,
      hasOwner: false,
      ownerCode: 'stone-lamp'
    })
    expect(states.at(-1)).toEqual(hosting.now())
    expect(saved).toEqual([{ ...HOME, on: true }])
    expect(hosting.keepsAppRunning()).toBe(true)
  })

  it.each([
    ['0.0.0.0', 'https://192.168.0.10:4100'],
    ['::', 'https://192.168.0.10:4100'],
    ['fd00::1', 'https://[fd00::1]:4100']
  ])('listening on %s, it tells others %s', async (address, url) => {
    const { done, process } = await beginning({ ...HOME, address })
    process.tell({ ...READY, address })
    await done
    expect(hosting.now()).toMatchObject({ url })
  })

  it('tells who is there, and forgets the code when somebody owns the relay', async () => {
    const process = await on()
    const names = ['Minji', 'Joon']
    process.tell({ type: 'status', people: 2, devices: 3, names, storedBytes: 9, announced: true, hasOwner: true })
    expect(hosting.now()).toMatchObject({ people: 2, devices: 3, names: ['Minji', 'Joon'], hasOwner: true })
    expect(hosting.now()).not.toHaveProperty('ownerCode')
  })

  it('starts nothing that could not be kept', async () => {
    saving = async () => Promise.reject(new Error('disk full'))
    await expect(hosting.start(HOME)).rejects.toThrow('disk full')
    expect(processes).toEqual([])
    expect(hosting.keepsAppRunning()).toBe(false)
  })

  it.each(['port-in-use', 'address-gone', 'data-in-use', 'data-damaged', 'disk', 'other'] as const)(
    'says what is in the way when the person starts it, and leaves it at that: %s',
    async (problem) => {
      const { done, process } = await beginning()
      process.tell({ type: 'failed', problem, detail: 'x' })
      await done
      expect(hosting.now()).toEqual({ name: 'failed', problem })
      expect(process.killed).toBe(true)
      process.exit(1)
      expect(hosting.now()).toEqual({ name: 'failed', problem })
      expect(timers).toEqual([])
      expect(kept).toEqual({ ...HOME, on: false })
      expect(hosting.keepsAppRunning()).toBe(false)
    }
  )

  it('names a port that is free where the chosen one is in use', async () => {
    const asked = vi.fn<(address: string, above: number) => Promise<number | null>>(async () => 4102)
    freePort = asked
    const { done, process } = await beginning()
    process.tell({ type: 'failed', problem: 'port-in-use', detail: 'x' })
    await done
    expect(asked).toHaveBeenCalledWith(HOME.address, HOME.port)
    expect(hosting.now()).toEqual({ name: 'failed', problem: 'port-in-use', freePort: 4102 })
  })

  it('has failed when its process dies before it was ever on', async () => {
    const { done, process } = await beginning()
    process.exit(134)
    await done
    expect(hosting.now()).toEqual({ name: 'failed', problem: 'other' })
    expect(timers).toEqual([])
  })

  it('stops when the person says so, and is off at the next start of the app', async () => {
    const process = await on()
    const stopped = hosting.stop()
    await vi.waitFor(() => expect(process.commands).toEqual(['start', 'stop']))
    expect(hosting.now().name).toBe('on')
    process.tell({ type: 'stopped' })
    process.exit()
    await stopped
    expect(hosting.now()).toEqual({ name: 'off' })
    expect(kept).toEqual({ ...HOME, on: false })
    expect(hosting.chosen()).toEqual(HOME)
    expect(timers).toEqual([])
    create()
    hosting.startAsChosen()
    expect(processes).toHaveLength(1)
  })

  it('ends a process that does not stop', async () => {
    const process = await on()
    const stopped = hosting.stop()
    await vi.waitFor(() => expect(timers).toHaveLength(1))
    expect(process.killed).toBe(false)
    expect(elapse()).toBe(STOP_PATIENCE_MS)
    expect(process.killed).toBe(true)
    process.exit(143)
    await stopped
    expect(hosting.now()).toEqual({ name: 'off' })
  })

  it('another choice ends the relay before it starts the next one: they share their data', async () => {
    const process = await on()
    const done = hosting.start({ ...HOME, port: 4200 })
    await vi.waitFor(() => expect(process.commands).toContain('stop'))
    expect(processes).toHaveLength(1)
    process.exit()
    await vi.waitFor(() => expect(processes).toHaveLength(2))
    last().tell({ ...READY, port: 4200 })
    await done
    expect(hosting.now()).toMatchObject({ url: 'https://192.168.0.10:4200' })
  })
})

describe('a hosted relay and the app', () => {
  it('come back together', async () => {
    const process = await on()
    const quit = hosting.quit()
    expect(process.commands).toEqual(['start', 'stop'])
    process.exit()
    await quit
    expect(kept).toEqual({ ...HOME, on: true })
    create()
    hosting.startAsChosen()
    expect(processes).toHaveLength(2)
    expect(hosting.keepsAppRunning()).toBe(true)
    last().tell(READY)
    expect(hosting.now().name).toBe('on')
  })

  it('what was about to start when the app ended comes back too', async () => {
    const { done, process } = await beginning()
    const quit = hosting.quit()
    process.exit()
    await Promise.all([quit, done])
    expect(kept).toEqual({ ...HOME, on: true })
  })

  it('a start by the app goes on trying what may pass, ever more slowly, and says meanwhile what is in the way', () => {
    kept = { ...HOME, on: true }
    hosting.startAsChosen()
    const waited: number[] = []
    for (let tries = 0; tries < 5; tries++) {
      last().tell({ type: 'failed', problem: 'port-in-use', detail: 'x' })
      last().exit(1)
      expect(hosting.now()).toEqual({ name: 'failed', problem: 'port-in-use' })
      waited.push(elapse())
    }
    expect(waited).toEqual([500, 2_000, 10_000, 30_000, 30_000])
    expect(kept.on).toBe(true)
    last().tell(READY)
    expect(hosting.now().name).toBe('on')
  })

  it('a relay that dies is brought back, ever more slowly, until it has lived for a minute', async () => {
    await on()
    const die = (livedMs: number): number => {
      nowMs += livedMs
      last().exit(139)
      expect(hosting.now()).toEqual({ name: 'starting' })
      const ms = elapse()
      last().tell(READY)
      expect(hosting.now().name).toBe('on')
      return ms
    }
    expect([die(0), die(30_000), die(30_000), die(59_999), die(60_000)]).toEqual([500, 2_000, 10_000, 30_000, 500])
    expect(problems.map(String).join()).toContain('139')
  })

  it('nothing is brought back after a stop in between', async () => {
    const process = await on()
    process.exit(139)
    await hosting.stop()
    expect(timers).toEqual([])
    expect(hosting.now()).toEqual({ name: 'off' })
    expect(processes).toHaveLength(1)
  })

  it('announces itself again after a sleep, and when an address comes or goes', async () => {
    hosting.resumed()
    const process = await on()
    hosting.resumed()
    expect(process.commands).toEqual(['start', 'announce'])
    expect(everies.map(({ ms }) => ms)).toEqual([LOOK_AT_ADDRESSES_EVERY_MS])
    everies[0]?.work()
    expect(process.commands).toHaveLength(2)
    addresses = [...addresses, { address: '10.0.0.7', interfaceName: 'wlan0', isPrivate: true }]
    everies[0]?.work()
    expect(process.commands).toEqual(['start', 'announce', 'announce'])
  })

  it('comes back at once when its address does', () => {
    kept = { ...HOME, on: true }
    const [home] = addresses as [HostAddress]
    addresses = []
    create()
    hosting.startAsChosen()
    last().tell({ type: 'failed', problem: 'address-gone', detail: 'x' })
    last().exit(1)
    everies.at(-1)?.work()
    expect(processes).toHaveLength(1)
    addresses = [home]
    everies.at(-1)?.work()
    expect(processes).toHaveLength(2)
    expect(timers).toEqual([])
  })
})

describe('a backup', () => {
  it('is asked for by number, and each gets its own answer', async () => {
    const process = await on()
    const first = hosting.backup('/a')
    const second = hosting.backup('/b')
    expect(process.sent.slice(1)).toEqual([
      { type: 'backup', request: 1, folder: '/a' },
      { type: 'backup', request: 2, folder: '/b' }
    ])
    process.tell({ type: 'backup-failed', request: 2, detail: 'no room' })
    process.tell({ type: 'backed-up', request: 1, folder: '/a', messages: 12 })
    await expect(second).rejects.toThrow('no room')
    expect(await first).toEqual({ folder: '/a', messages: 12 })
  })

  it('fails where no relay is on, and with the relay', async () => {
    await expect(hosting.backup('/a')).rejects.toThrow('no relay is on')
    const process = await on()
    const under = hosting.backup('/a')
    process.exit(1)
    await expect(under).rejects.toThrow('the relay has ended')
  })
})

it("what the relay's process writes reaches developers without the owner's code", async () => {
  const process = await on()
  process.events.onProblem('relay: the owner code is stone-lamp')
  expect(problems).toEqual(['relay: the owner code is …'])
})
