// When a relay runs inside this app: as the person has chosen, again after it has died, and no longer than the app. Knows neither Electron nor what is said
// on the relay.
import { HOST_PROBLEMS } from '../protocol/hosting.ts'
import type { HostProblem, HostTidings } from '../protocol/hosting.ts'
import type { HostAddress, HostState } from '../src-renderer/platform/bridge.ts'
import type { HostOptions, KeptHostChoice } from './host-choice.ts'
import type { HostProcess, StartHostProcess } from './host-process.ts'
import { stateOfReady, withStatus } from './host-state.ts'
import { createRestartWaits } from './restart-waits.ts'

/** Storing what is in line takes moments; shorter than quitting waits (WORKS_PATIENCE_MS of quitting.ts). */
export const STOP_PATIENCE_MS = 4_000
/** The system tells nobody when an address comes or goes. */
export const LOOK_AT_ADDRESSES_EVERY_MS = 30_000

export interface HostingOptions {
  kept: KeptHostChoice
  startProcess: StartHostProcess
  /** Where the relay keeps everything, absolute. */
  dataDir: string
  /** The folder of the built client, for browsers. */
  webRoot: string
  addresses: () => readonly HostAddress[]
  /** Looks for a port that nobody listens on, above this one; null where there is none near. */
  freePort: (address: string, above: number) => Promise<number | null>
  /** A clock that never goes back, ms. */
  now: () => number
  /** As `setTimeout` and `setInterval`; they return their stop. */
  after: (ms: number, work: () => void) => () => void
  every: (ms: number, work: () => void) => () => void
  /** Hears of every change. */
  onState: (state: HostState) => void
  onProblem: (problem: unknown) => void
}

export interface Hosting {
  now(): HostState
  /** The last choice; null: none so far. */
  chosen(): HostOptions | null
  /** Whether the app has to go on without a window. */
  keepsAppRunning(): boolean
  /** At the app's start: as it was when the app ended. */
  startAsChosen(): void
  /** Resolves when it is on or has failed: the state says which. Rejects when the choice could not be kept. */
  start(options: HostOptions): Promise<void>
  /** The person wants no relay here any more. Resolves when its process has ended. What is stored stays. */
  stop(): Promise<void>
  /** The app ends: the relay too, and both come back together. Never rejects. */
  quit(): Promise<void>
  /** Into a new folder below this one, which is told. Rejects when it could not be written, and when no relay is on. */
  backup(folder: string): Promise<{ folder: string; messages: number }>
  /** The machine has slept: the network is told again that there is a relay. */
  resumed(): void
}

interface Backup {
  resolve: (done: { folder: string; messages: number }) => void
  reject: (error: Error) => void
}

/** One process and what has become of it. */
interface Run {
  options: HostOptions
  process: HostProcess
  ready: boolean
  /** It has told why it cannot go on. */
  failed: boolean
  backups: Map<number, Backup>
  exited: Promise<void>
  /** It is on, or has failed. */
  settled: Promise<void>
}

export function createHosting(options: HostingOptions): Hosting {
  const { kept, onProblem } = options
  let state: HostState = { name: 'off' }
  let run: Run | null = null
  /** Whether a relay is to be here, and whether it is brought back by itself. */
  let wanted: HostOptions | null = null
  let comesBack = false
  let cancelRetry = (): void => {}
  let lastRequest = 0
  let inLine: Promise<unknown> = Promise.resolve()
  let seenAddresses = ''
  const waits = createRestartWaits(options.now)

  const become = (next: HostState): void => {
    state = next
    options.onState(next)
  }

  const fail = (problem: HostProblem, settings: HostOptions): void => {
    become({ name: 'failed', problem })
    if (problem !== 'port-in-use') return
    options.freePort(settings.address, settings.port).then((freePort) => {
      if (freePort !== null && state.name === 'failed' && state.problem === problem)
        become({ name: 'failed', problem, freePort })
    }, onProblem)
  }

  const retryLater = (): void => {
    if (wanted === null || !comesBack) return
    cancelRetry = options.after(waits.next(), () => {
      if (wanted !== null && run === null) begin(wanted)
    })
  }

  /** Starts a process. Its end is the only thing that makes room for another one. */
  const begin = (settings: HostOptions): Run => {
    let exited = (): void => {}
    let settled = (): void => {}
    waits.begun()
    if (state.name !== 'failed') become({ name: 'starting' })
    let ownerCode: string | undefined
    const process = options.startProcess({
      onTidings: (tidings) => hear(tidings),
      onExit: (code) => ended(code),
      // What a developer reads must not open the relay to whoever reads it too.
      onProblem: (problem) =>
        onProblem(typeof problem === 'string' && ownerCode ? problem.replaceAll(ownerCode, '…') : problem)
    })
    const self: Run = {
      options: settings,
      process,
      ready: false,
      failed: false,
      backups: new Map(),
      exited: new Promise((resolve) => (exited = resolve)),
      settled: new Promise((resolve) => (settled = resolve))
    }
    run = self

    const hear = (tidings: HostTidings): void => {
      if (tidings.type === 'ready') {
        ownerCode = tidings.ownerCode
        self.ready = true
        comesBack = true
        become(stateOfReady(tidings, settings.name, options.addresses()))
        settled()
      } else if (tidings.type === 'status') {
        if (state.name === 'on' && run === self) become(withStatus(state, tidings))
      } else if (tidings.type === 'failed') {
        onProblem(new Error(`the relay inside the app cannot go on: ${tidings.problem}: ${tidings.detail}`))
        self.failed = true
        fail(HOST_PROBLEMS.includes(tidings.problem) ? tidings.problem : 'other', settings)
        settled()
        process.kill() // does nothing where it has ended by itself
      } else if (tidings.type === 'backed-up') {
        self.backups.get(tidings.request)?.resolve({ folder: tidings.folder, messages: tidings.messages })
        self.backups.delete(tidings.request)
      } else if (tidings.type === 'backup-failed') {
        self.backups.get(tidings.request)?.reject(new Error(tidings.detail))
        self.backups.delete(tidings.request)
      }
    }

    const ended = (code: number): void => {
      if (run === self) run = null
      for (const backup of self.backups.values()) backup.reject(new Error('the relay has ended'))
      if (!self.failed && wanted === null) {
        become({ name: 'off' })
      } else if (!self.failed) {
        onProblem(new Error(`the relay inside the app has died (${code})`))
        if (self.ready || comesBack) become({ name: 'starting' })
        else become({ name: 'failed', problem: 'other' })
      }
      retryLater()
      settled()
      exited()
    }

    const { address, port, name } = settings
    const { dataDir, webRoot } = options
    process.send({ type: 'start', settings: { dataDir, webRoot, address, port, name, announced: true } })
    return self
  }

  /** Resolves when there is no process. */
  const end = async (): Promise<void> => {
    cancelRetry()
    const ending = run
    if (ending !== null) {
      const cancel = options.after(STOP_PATIENCE_MS, () => ending.process.kill())
      ending.process.send({ type: 'stop' })
      await ending.exited
      cancel()
    }
    if (state.name !== 'off') become({ name: 'off' })
  }

  const one = async <T>(work: () => Promise<T>): Promise<T> => {
    const result = inLine.then(work, work)
    inLine = result
    return result
  }

  const announce = (): void => {
    if (run?.ready === true) run.process.send({ type: 'announce' })
  }

  /** Also brings back a relay whose address has come back: a laptop that is at home again. */
  const lookAtAddresses = (): void => {
    const addresses = options.addresses()
    const seen = JSON.stringify(addresses)
    if (seen === seenAddresses) return
    seenAddresses = seen
    announce()
    const isBack = state.name === 'failed' && state.problem === 'address-gone' && run === null
    if (isBack && wanted !== null && addresses.some(({ address }) => address === wanted?.address)) {
      cancelRetry()
      begin(wanted)
    }
  }

  seenAddresses = JSON.stringify(options.addresses())
  options.every(LOOK_AT_ADDRESSES_EVERY_MS, lookAtAddresses)

  return {
    now: () => state,
    chosen() {
      const choice = wanted ?? kept.load()
      return choice && plain(choice)
    },
    keepsAppRunning: () => wanted !== null,
    startAsChosen() {
      const choice = kept.load()
      if (choice?.on !== true) return
      wanted = plain(choice)
      // Nobody is looking: what is in the way now, as a network that is not there yet, may not be in a moment.
      comesBack = true
      begin(wanted)
    },
    start: async (settings) =>
      one(async () => {
        wanted = null
        await end()
        await kept.save({ ...settings, on: true })
        wanted = settings
        comesBack = false
        await begin(settings).settled
        if (state.name === 'failed') await forget(settings)
      }),
    stop: async () =>
      one(async () => {
        const settings = wanted ?? kept.load()
        wanted = null
        await end()
        if (settings !== null) await kept.save({ ...plain(settings), on: false })
      }),
    async quit() {
      wanted = null
      await end()
    },
    async backup(folder) {
      const current = run
      if (current?.ready !== true) throw new Error('no relay is on')
      lastRequest += 1
      const request = lastRequest
      return new Promise((resolve, reject) => {
        current.backups.set(request, { resolve, reject })
        current.process.send({ type: 'backup', request, folder })
      })
    },
    resumed: announce
  }

  /** What could not be started by the person is not tried again at the next start of the app. */
  async function forget(settings: HostOptions): Promise<void> {
    wanted = null
    try {
      await kept.save({ ...settings, on: false })
    } catch (error) {
      onProblem(error)
    }
  }
}

function plain({ address, port, name }: HostOptions): HostOptions {
  return { address, port, name }
}
