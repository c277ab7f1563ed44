// Space that is kept for a person's own words: a file that goes when the device is full, so that they can still be written and sent, and comes back when
// there is space again. Until then nothing else is stored. Knows no rows.
import type { DeviceStorage } from './device-storage.ts'
import { isQuota } from './storage-full.ts'

/** Some thousand messages, and what a database needs beside them. */
export const RESERVE_BYTES = 4 * 1024 * 1024
const FILE = 'maru-reserve'
/** Records wait no longer than this for a file system that does not answer. */
const FILL_LIMIT_MS = 5_000

/** Where the file lies. */
export interface ReservePlace {
  /** False for want of space. True where nothing can be kept. */
  fill(): Promise<boolean>
  /** Whether there was anything. */
  empty(): Promise<boolean>
}

export interface SpaceReserve {
  /** Whether it is there, or could be put there now. */
  hold(): Promise<boolean>
  /** Gives its space away, for all windows; whether it had any. */
  release(): Promise<boolean>
  end(): void
}

/** @param name of all windows that share the place */
export function spaceReserve(name: string, place: ReservePlace): SpaceReserve {
  const windows = new BroadcastChannel(name)
  let held = false
  const onReleased = (): void => {
    held = false
  }
  windows.addEventListener('message', onReleased)
  return {
    async hold() {
      held ||= await filled(place)
      return held
    },
    async release() {
      held = false
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel has none
      windows.postMessage('released')
      return place.empty()
    },
    end() {
      windows.removeEventListener('message', onReleased)
      windows.close()
    }
  }
}

async function filled(place: ReservePlace): Promise<boolean> {
  let limit: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<boolean>((resolve) => {
    limit = setTimeout(() => resolve(true), FILL_LIMIT_MS)
  })
  try {
    return await Promise.race([place.fill(), late])
  } finally {
    clearTimeout(limit)
  }
}

/**
 * In the browser's own file system: what is deleted there is free at once, while a database frees space later, if at all. Over plain http, in private
 * windows and in old browsers there is none, and nothing is kept.
 * @param onProblem told of what is in the way otherwise; nothing is kept then
 */
export function reserveFile(
  onProblem: (problem: unknown) => void,
  storage: Partial<StorageManager> | undefined = globalThis.navigator?.storage
): ReservePlace {
  return {
    async fill() {
      if (!storage?.getDirectory) return true
      try {
        const root = await storage.getDirectory()
        const file = await root.getFileHandle(FILE, { create: true })
        if ((await file.getFile()).size >= RESERVE_BYTES) return true
        const stream = await file.createWritable()
        await stream.write(new Uint8Array(RESERVE_BYTES))
        await stream.close()
      } catch (error) {
        if (isQuota(error)) return false
        onProblem(error)
      }
      return true
    },
    async empty() {
      if (!storage?.getDirectory) return false
      try {
        const root = await storage.getDirectory()
        await root.removeEntry(FILE)
        return true
      } catch (error) {
        // It has gone before.
        if (!(error instanceof DOMException && error.name === 'NotFoundError')) onProblem(error)
        return false
      }
    }
  }
}

/** The storage for own words: what finds no space in it is written once more when the reserve has gone. */
export function withReserve(storage: DeviceStorage, reserve: Pick<SpaceReserve, 'release'>): DeviceStorage {
  const { rx } = storage
  const createStorageInstance: typeof rx.createStorageInstance = async (params) => {
    const instance = await rx.createStorageInstance(params)
    const bulkWrite = instance.bulkWrite.bind(instance)
    instance.bulkWrite = async (rows, context) => {
      try {
        return await bulkWrite(rows, context)
      } catch (error) {
        if (!isQuota(error) || !(await reserve.release())) throw error
        return bulkWrite(rows, context)
      }
    }
    return instance
  }
  return { ...storage, rx: { name: rx.name, rxdbVersion: rx.rxdbVersion, createStorageInstance } }
}
