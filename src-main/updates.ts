// When new versions are looked for, fetched and put in place: only what the person has asked for. Knows no server and no packages; updater.ts does.
import type { UpdateState } from '../src-renderer/platform/bridge.ts'
import type { UpdateReason, Updater } from './updater.ts'

const HOUR_MS = 60 * 60_000
const LOOK_EVERY_MS = 24 * HOUR_MS
/** Machines sleep: a timer of a day would be late by the nights. */
const THINK_EVERY_MS = HOUR_MS
export const POSTPONED_FOR_MS = 7 * LOOK_EVERY_MS

/** A version of which the person does not want to be told before `until` (ms since 1970). */
export interface Postponed {
  version: string
  until: number
}

export interface UpdatesOptions {
  /** Null where this build has no address to look at: then everything is `off`. Asked at the first look. */
  updater: (() => Promise<Updater>) | null
  /** Wall clock, ms. */
  now: () => number
  /** Returns its stop. */
  every: (ms: number, work: () => void) => () => void
  postponed: { load(): Promise<Postponed | null>; save(postponed: Postponed): Promise<void> }
  /** Everything that quitting waits for; afterwards nothing holds the end of the app up, and it is good for nothing else. */
  finish: () => Promise<void>
  /** Ends the app as well, and starts this version again. */
  startAgain: () => void
  onProblem: (problem: unknown) => void
}

export interface Updates {
  now(): UpdateState
  /** Calls back at once and with every change. Returns its stop. */
  watch(callback: (state: UpdateState) => void): () => void
  /** Whether the app looks by itself: now, and once a day. Off, as at first: nothing goes out that is not asked for. */
  lookByItself(on: boolean): void
  /** Because the person wants to know: a postponed version counts, and a failure is told. Resolves when it is done; never rejects. */
  look(): Promise<void>
  /** Of the version that is available; otherwise nothing happens. Never rejects. From then on quitting the app puts it in place. */
  download(): Promise<void>
  /** Of the version that is ready; otherwise nothing happens. The app ends and comes back; where that fails, as this version. */
  install(): Promise<void>
  /** The version that is available is not told of for a week. Rejects when that cannot be kept. */
  postpone(): Promise<void>
}

export function createUpdates(options: UpdatesOptions): Updates {
  const { now, onProblem } = options
  let state: UpdateState = options.updater === null ? { name: 'off' } : { name: 'idle', lookedAt: null }
  let lookedAtMs: number | null = null
  let looking: Promise<void> | null = null
  let stopThinking: (() => void) | null = null
  let updater: Promise<Updater> | null = null
  const watching = new Set<(state: UpdateState) => void>()

  const become = (next: UpdateState): void => {
    state = next
    for (const callback of watching) callback(next)
  }
  const idle = (): UpdateState => ({
    name: 'idle',
    lookedAt: lookedAtMs === null ? null : new Date(lookedAtMs).toISOString()
  })
  /** The version that is on its way or here is not looked beyond. */
  const isBusy = (): boolean => state.name === 'off' || state.name === 'downloading' || state.name === 'ready'

  const theUpdater = async (): Promise<Updater> => {
    if (options.updater === null) throw new Error('this build has no address to look for new versions at')
    updater ??= options.updater()
    return updater
  }

  const isPostponed = async (version: string): Promise<boolean> => {
    const kept = await options.postponed.load()
    return kept !== null && kept.version === version && now() < kept.until
  }

  /** A look that nobody is waiting for leaves everything as it was when it fails; the next hour tries again. */
  const ask = async (): Promise<void> => {
    try {
      const version = await (await theUpdater()).look()
      lookedAtMs = now()
      if (isBusy()) return
      const isTold = version !== null && (state.name === 'looking' || !(await isPostponed(version)))
      become(isTold ? { name: 'available', version } : idle())
    } catch (error) {
      onProblem(error)
      if (state.name === 'looking') become({ name: 'failed', reason: reasonOf(error) })
    }
  }
  const lookOnce = async (): Promise<void> => {
    looking ??= ask().finally(() => {
      looking = null
    })
    return looking
  }
  const think = (): void => {
    if (isBusy() || (lookedAtMs !== null && now() - lookedAtMs < LOOK_EVERY_MS)) return
    void lookOnce()
  }

  return {
    now: () => state,
    watch(callback) {
      const own = (next: UpdateState): void => callback(next)
      watching.add(own)
      own(state)
      return () => {
        watching.delete(own)
      }
    },
    lookByItself(on) {
      if (options.updater === null || on === (stopThinking !== null)) return
      if (on) {
        stopThinking = options.every(THINK_EVERY_MS, think)
        think()
      } else {
        stopThinking?.()
        stopThinking = null
      }
    },
    async look() {
      if (isBusy()) return
      become({ name: 'looking' })
      await lookOnce()
    },
    async download() {
      if (state.name !== 'available') return
      const { version } = state
      become({ name: 'downloading', version, percent: 0 })
      try {
        await (
          await theUpdater()
        ).download((percent) => {
          const whole = Math.floor(percent)
          if (state.name === 'downloading' && whole > state.percent)
            become({ name: 'downloading', version, percent: whole })
        })
        become({ name: 'ready', version })
      } catch (error) {
        onProblem(error)
        become({ name: 'failed', reason: reasonOf(error) })
      }
    },
    async install() {
      if (state.name !== 'ready') return
      const found = await theUpdater()
      await options.finish()
      try {
        await found.install()
      } catch (error) {
        onProblem(error)
        options.startAgain()
      }
    },
    async postpone() {
      if (state.name !== 'available') return
      await options.postponed.save({ version: state.version, until: now() + POSTPONED_FOR_MS })
      become(idle())
    }
  }
}

function reasonOf(error: unknown): UpdateReason {
  return (error as { reason?: UpdateReason } | null)?.reason ?? 'other'
}
