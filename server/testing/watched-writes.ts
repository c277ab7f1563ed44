// Sees what commits write, so that a test can say that something refused has changed nothing. For tests only.
import type { Draft, Storage } from '../storage/port.ts'
import { overlay } from './relay-kit.ts'

const WRITES = new Set<PropertyKey>([
  'put',
  'append',
  'putAccount',
  'putDevice',
  'putInvite',
  'putAvatar',
  'removeAccount',
  'removeDevice',
  'removeInvite'
] satisfies (keyof Draft)[])

/** The names of the draft's methods that stored commits have called since `take` was called last. */
export class WatchedWrites {
  #writes: string[] = []

  wrap(storage: Storage): Storage {
    const commit: Storage['commit'] = async (streams, work, foreseen) => {
      let writes: string[] = []
      const committed = await storage.commit(
        streams,
        async (draft) => {
          writes = []
          return work(watch(draft, writes))
        },
        foreseen
      )
      this.#writes.push(...writes)
      return committed
    }
    return overlay(storage, { commit })
  }

  take(): string[] {
    const writes = this.#writes
    this.#writes = []
    return writes
  }
}

function watch(draft: Draft, writes: string[]): Draft {
  return new Proxy(draft, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      const method = value.bind(target) as (...args: unknown[]) => unknown
      if (!WRITES.has(name)) return method
      return (...args: unknown[]) => {
        writes.push(String(name))
        return method(...args)
      }
    }
  })
}
