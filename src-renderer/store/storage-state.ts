// Whether the browser still has space for what is to be stored, as the last writes have shown. Decides nothing.
import { BehaviorSubject } from 'rxjs'
import type { Observable } from 'rxjs'
import { StorageFullError } from './rows.ts'

export interface StorageState {
  readonly state: Observable<'ok' | 'full'>
  /** The same functions; each call that writes tells how it went. */
  watched<Writers extends object>(writers: Writers, names: readonly (keyof Writers)[]): Writers
  end(): void
}

/** `full` from the first write that finds no space until the next one that does; any other failure says nothing about space. */
export function storageState(): StorageState {
  const state = new BehaviorSubject<'ok' | 'full'>('ok')
  const watch =
    (write: (...args: unknown[]) => Promise<unknown>) =>
    async (...args: unknown[]): Promise<unknown> => {
      try {
        const result = await write(...args)
        if (state.value === 'full') state.next('ok')
        return result
      } catch (error) {
        if (error instanceof StorageFullError && state.value === 'ok') state.next('full')
        throw error
      }
    }
  return {
    state,
    watched: (writers, names) => ({
      ...writers,
      ...Object.fromEntries(names.map((name) => [name, watch(writers[name] as never)]))
    }),
    end: () => state.complete()
  }
}
