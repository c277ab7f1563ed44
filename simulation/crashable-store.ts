// A device's store as sync sees it in a world where everything takes time and can end in the middle: what a call changes happens at some
// moment between its begin and its end, records of different kinds at different ones.
import type { StreamRecord } from '../protocol/records.ts'
import type { StreamId } from '../protocol/streams.ts'
import type { Clock } from '../src-renderer/connection/clock.ts'
import type { SyncStore } from '../src-renderer/store/sync-store.ts'
import type { Life } from './relay-disk.ts'

export interface StoreWeather {
  /** The longest that a call takes, in ms. */
  callMs: number
  /** From 0 to 1: how often a call fails before it has done anything. */
  failures: number
}

interface StoreParts {
  life: Life
  clock: Clock
  random: () => number
  weather: StoreWeather
}

/** Waits for half of what a call takes; for ever once the life is over. */
export function pauseOf({ life, clock, random, weather }: StoreParts): () => Promise<void> {
  return async () => {
    if (life.over) return new Promise(() => {})
    if (weather.callMs === 0) return undefined
    return new Promise((resolve) => {
      clock.after((random() * weather.callMs) / 2, () => {
        if (!life.over) resolve()
      })
    })
  }
}

/**
 * `store` for one life of a device: after that nothing is changed any more, and no call comes back.
 * @param called told of each call that has done its work
 */
export function crashableStore(
  store: SyncStore,
  parts: StoreParts & {
    called: (method: string) => void
  }
): SyncStore {
  const { random, weather, called } = parts
  const pause = pauseOf(parts)

  async function call(method: string, run: () => Promise<unknown>): Promise<unknown> {
    await pause()
    if (random() < weather.failures) throw new Error(`the store fails: ${method}`)
    const value = await run()
    called(method)
    await pause()
    return value
  }

  async function applyRecords(stream: StreamId, epoch: number, records: readonly StreamRecord[]): Promise<void> {
    const groups = new Map<string, StreamRecord[]>()
    for (const record of records) groups.set(record.type, [...(groups.get(record.type) ?? []), record])
    await Promise.all(
      [...groups.values()].map(async (group) =>
        call('applyRecords', async () => store.applyRecords(stream, epoch, group))
      )
    )
  }

  return new Proxy(store, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function' || name === 'watchOutbox' || name === 'numberNew') return value
      if (name === 'applyRecords') return applyRecords
      const method = value as (...args: unknown[]) => Promise<unknown>
      return async (...args: unknown[]) => call(String(name), async () => method.apply(target, args))
    }
  })
}
