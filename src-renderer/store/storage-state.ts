// Whether the browser still has space for what is to be stored, as the last writes of all windows have shown. Decides nothing.
import { BehaviorSubject } from 'rxjs'
import type { Observable } from 'rxjs'
import type { SpaceReserve } from './space-reserve.ts'
import { StorageFullError } from './storage-full.ts'
import type { RecordCollections } from './schemas.ts'
import type { SyncStore } from './sync-store.ts'

type Writers = Pick<SyncStore, 'applyRecords' | 'applyPage'>
type Written = Pick<RecordCollections, 'users' | 'memberships' | 'rooms' | 'members' | 'messages' | 'reactions'>

export interface StorageState {
  readonly state: Observable<'ok' | 'full'>
  /** The same functions, and those that bring records tell when they find no space. */
  watched<Store extends Writers>(store: Store): Store
  end(): void
}

/**
 * `full` from the first write that finds no space until as many rows as it would have written were stored: a full device may well take a few, and
 * says so little by them. A call that stores nothing proves nothing, and any other failure says nothing about space.
 * @param name of all windows that have the same databases open
 * @param collections whose rows were stored, by whatever window
 * @param reserve what is there before records are written
 */
export function storageState(name: string, collections: Written, reserve: Pick<SpaceReserve, 'hold'>): StorageState {
  const state = new BehaviorSubject<'ok' | 'full'>('ok')
  const windows = new BroadcastChannel(name)
  let missing = 0

  function full(rows: number): void {
    missing = Math.max(missing, rows)
    if (state.value === 'ok') state.next('full')
  }

  const { users, memberships, rooms, members, messages, reactions } = collections
  const written = [users, memberships, rooms, members, messages, reactions].map(({ eventBulks$ }) =>
    eventBulks$.subscribe(({ events }) => {
      if (state.value === 'ok') return
      missing -= events.length
      if (missing <= 0) state.next('ok')
    })
  )
  const onMessage = ({ data }: MessageEvent<unknown>): void => {
    if (typeof data === 'number') full(data)
  }
  windows.addEventListener('message', onMessage)

  async function watch(write: () => Promise<void>): Promise<void> {
    try {
      if (!(await reserve.hold())) throw new StorageFullError('the last space is kept for own words')
      await write()
    } catch (error) {
      if (error instanceof StorageFullError) {
        full(error.rows)
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel has none
        windows.postMessage(error.rows)
      }
      throw error
    }
  }

  return {
    state,
    watched: (store) => ({
      ...store,
      applyRecords: (stream, epoch, records) => watch(() => store.applyRecords(stream, epoch, records)),
      applyPage: (stream, epoch, page, lost) => watch(() => store.applyPage(stream, epoch, page, lost))
    }),
    end() {
      for (const each of written) each.unsubscribe()
      windows.removeEventListener('message', onMessage)
      windows.close()
      state.complete()
    }
  }
}
