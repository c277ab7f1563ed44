import { beforeEach, describe, expect, it } from 'vitest'
import type { UpdateState } from '../src-renderer/platform/bridge.ts'
import { UpdateFailed } from './updater.ts'
import type { UpdateReason } from './updater.ts'
import { createUpdates } from './updates.ts'
import type { Postponed, Updates } from './updates.ts'

const HOUR_MS = 60 * 60_000
const DAY_MS = 24 * HOUR_MS
const START_MS = Date.parse('2026-11-21T09:00:00.000Z')

/** A server with at most one version, and a clock that is moved by hand. */
class World {
  nowMs = START_MS
  newest: string | null = null
  trouble: UpdateReason | null = null
  looks = 0
  /** What was done beyond looking, in order. */
  readonly done: string[] = []
  kept: Postponed | null = null
  problems: unknown[] = []
  percents = [0.4, 30.2, 30.9, 99.9, 100]
  #tick: (() => void) | null = null
  /** Holds the next look back until it is called. */
  hold: Promise<void> = Promise.resolve()

  updates(hasAddress = true): Updates {
    return createUpdates({
      updater: hasAddress
        ? async () => ({
            look: async () => {
              this.looks += 1
              await this.hold
              this.#fail()
              return this.newest
            },
            download: async (onPercent) => {
              this.done.push('download')
              for (const percent of this.percents) onPercent(percent)
              this.#fail()
            },
            install: async () => {
              this.done.push('install')
              this.#fail()
              return new Promise<never>(() => {})
            }
          })
        : null,
      now: () => this.nowMs,
      every: (ms, work) => {
        if (ms !== HOUR_MS) throw new Error(`this world passes by the hour, not every ${ms} ms`)
        if (this.#tick !== null) throw new Error('it thinks twice')
        this.#tick = work
        return () => {
          this.#tick = null
        }
      },
      postponed: {
        load: async () => this.kept,
        save: async (postponed) => {
          this.kept = postponed
        }
      },
      finish: async () => void this.done.push('finish'),
      startAgain: () => void this.done.push('start again'),
      onProblem: (problem) => void this.problems.push(problem)
    })
  }

  #fail(): void {
    if (this.trouble !== null) throw new UpdateFailed(this.trouble, new Error('no'))
  }

  /** Lets time pass, as a machine that never sleeps would. */
  async pass(ms: number): Promise<void> {
    for (const end = this.nowMs + ms; this.nowMs < end;) {
      this.nowMs = Math.min(end, this.nowMs + HOUR_MS)
      this.#tick?.()
      await settled()
    }
  }
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

describe('new versions', () => {
  let world: World
  beforeEach(() => {
    world = new World()
  })

  it('are off for good where the build has no address to look at', async () => {
    const updates = world.updates(false)
    updates.lookByItself(true)
    await updates.look()
    await updates.download()
    await updates.postpone()
    await updates.install()
    await world.pass(2 * DAY_MS)
    expect([updates.now(), world.looks, world.done]).toEqual([{ name: 'off' }, 0, []])
  })

  it('are not looked for unless the person wants it: nothing goes out', async () => {
    const updates = world.updates()
    await world.pass(10 * DAY_MS)
    expect([updates.now(), world.looks]).toEqual([{ name: 'idle', lookedAt: null }, 0])
  })

  it('are looked for at once and once a day while it is switched on, not more often and not after', async () => {
    const updates = world.updates()
    updates.lookByItself(true)
    updates.lookByItself(true)
    await settled()
    expect([world.looks, updates.now()]).toEqual([1, { name: 'idle', lookedAt: '2026-11-21T09:00:00.000Z' }])
    await world.pass(DAY_MS - HOUR_MS)
    expect(world.looks).toBe(1)
    await world.pass(HOUR_MS)
    expect(world.looks).toBe(2)
    updates.lookByItself(false)
    await world.pass(3 * DAY_MS)
    expect(world.looks).toBe(2)
  })

  it('are looked for again an hour after a look by itself has failed, of which nobody is told', async () => {
    world.trouble = 'unreachable'
    const updates = world.updates()
    const told: UpdateState[] = []
    updates.watch((state) => told.push(state))
    updates.lookByItself(true)
    await settled()
    world.trouble = null
    await world.pass(HOUR_MS)
    expect(told).toEqual([
      { name: 'idle', lookedAt: null },
      { name: 'idle', lookedAt: '2026-11-21T10:00:00.000Z' }
    ])
    expect(world.problems).toHaveLength(1)
  })

  it.each(['unreachable', 'damaged', 'other'] as const)('say why when the person has asked: %s', async (reason) => {
    world.trouble = reason
    const updates = world.updates()
    await updates.look()
    expect(updates.now()).toEqual({ name: 'failed', reason })
    world.trouble = null
    await updates.look()
    expect(updates.now().name).toBe('idle')
  })

  it('are told of, and neither fetched nor put in place before the person says so', async () => {
    world.newest = '2.0.0'
    const updates = world.updates()
    updates.lookByItself(true)
    await settled()
    await updates.install()
    await world.pass(3 * DAY_MS)
    expect([updates.now(), world.done]).toEqual([{ name: 'available', version: '2.0.0' }, []])

    const told: UpdateState[] = []
    updates.watch((state) => told.push(state))
    await updates.download()
    expect(told).toEqual([
      { name: 'available', version: '2.0.0' },
      ...[0, 30, 99, 100].map((percent) => ({ name: 'downloading', version: '2.0.0', percent })),
      { name: 'ready', version: '2.0.0' }
    ])
    expect(world.done).toEqual(['download'])

    void updates.install()
    await settled()
    expect(world.done).toEqual(['download', 'finish', 'install'])
  })

  it('that cannot be put in place leave the app as it was, started again', async () => {
    world.newest = '2.0.0'
    const updates = world.updates()
    await updates.look()
    await updates.download()
    world.trouble = 'other'
    await updates.install()
    expect(world.done).toEqual(['download', 'finish', 'install', 'start again'])
  })

  it('that are ready stay it: nothing more is looked for', async () => {
    world.newest = '2.0.0'
    const updates = world.updates()
    updates.lookByItself(true)
    await settled()
    await updates.download()
    const { looks } = world
    await world.pass(2 * DAY_MS)
    await updates.look()
    expect([updates.now(), world.looks]).toEqual([{ name: 'ready', version: '2.0.0' }, looks])
  })

  it('say why when they could not be fetched, and can be tried again', async () => {
    world.newest = '2.0.0'
    const updates = world.updates()
    await updates.look()
    world.trouble = 'damaged'
    await updates.download()
    expect(updates.now()).toEqual({ name: 'failed', reason: 'damaged' })
    world.trouble = null
    await updates.look()
    await updates.download()
    expect(updates.now().name).toBe('ready')
  })

  it('are not told of for a week once they were put off, and are then; a restart forgets nothing', async () => {
    world.newest = '2.0.0'
    const first = world.updates()
    first.lookByItself(true)
    await settled()
    await first.postpone()
    expect(first.now()).toEqual({ name: 'idle', lookedAt: '2026-11-21T09:00:00.000Z' })
    first.lookByItself(false)

    const second = world.updates()
    second.lookByItself(true)
    await world.pass(7 * DAY_MS - HOUR_MS)
    expect(second.now().name).toBe('idle')
    await world.pass(DAY_MS + HOUR_MS)
    expect(second.now()).toEqual({ name: 'available', version: '2.0.0' })
  })

  it('are told of although an older one was put off, and when the person asks', async () => {
    world.newest = '2.0.0'
    const updates = world.updates()
    await updates.look()
    await updates.postpone()
    await updates.look()
    expect(updates.now()).toEqual({ name: 'available', version: '2.0.0' })
    await updates.postpone()
    world.newest = '2.0.1'
    updates.lookByItself(true)
    await world.pass(DAY_MS)
    expect(updates.now()).toEqual({ name: 'available', version: '2.0.1' })
  })

  it('are asked for once, whoever wants to know; whoever asks meanwhile is told', async () => {
    world.trouble = 'unreachable'
    let release = (): void => {}
    world.hold = new Promise((resolve) => {
      release = resolve
    })
    const updates = world.updates()
    updates.lookByItself(true)
    const looked = updates.look()
    expect(updates.now()).toEqual({ name: 'looking' })
    release()
    await looked
    expect([updates.now(), world.looks]).toEqual([{ name: 'failed', reason: 'unreachable' }, 1])
  })

  it('that are being fetched are not overtaken by a look that began before', async () => {
    world.newest = '2.0.0'
    const updates = world.updates()
    await updates.look()
    let release = (): void => {}
    world.hold = new Promise((resolve) => {
      release = resolve
    })
    world.nowMs += DAY_MS
    updates.lookByItself(true)
    await settled()
    await updates.download()
    release()
    await settled()
    expect(updates.now()).toEqual({ name: 'ready', version: '2.0.0' })
  })

  it('are told of no more once one has stopped watching', async () => {
    const updates = world.updates()
    const told: UpdateState[] = []
    updates.watch((state) => told.push(state))()
    await updates.look()
    expect(told).toHaveLength(1)
  })
})
