// The relay's disk as one life of a relay sees it: each step takes virtual time, and never comes back after a crash. And how a copy of a disk is
// made that can be put in its place later.
import { join } from 'node:path'
import type { AppendFile, Files } from '../server/storage/lowdb/files.ts'
import { SimulatedDisk } from '../server/storage/lowdb/testing/simulated-disk.ts'
import type { Clock } from '../src-renderer/connection/clock.ts'

export interface DiskWeather {
  clock: Clock
  random: () => number
  /** The longest that a step takes, in ms. */
  stepMs: number
  /** From 0 to 1: how often a step that changes something fails. */
  failures: number
}

/** Until it is over, everything goes through; then nothing that began before or begins after ever ends. */
export interface Life {
  over: boolean
}

/** Where the relay's data lie on its disk. */
export const DATA_DIR = '/data'
/** What the disk says when the weather makes it fail; nothing else may go wrong. */
export const DISK_FAULT = 'EIO'
const WRITES = new Set<string>(['append', 'datasync', 'create', 'rename', 'syncFile', 'syncDirectory'])

/** An empty disk that fails as the weather says. */
export function createRelayDisk(weather: DiskWeather): SimulatedDisk {
  const disk = new SimulatedDisk(weather.random)
  disk.before = (operation, path) => {
    if (!WRITES.has(operation) || weather.random() >= weather.failures) return
    throw new Error(`${DISK_FAULT}: ${operation} ${path}`)
  }
  return disk
}

/** What a disk holds now, on another one. Takes no virtual time. */
export async function copyDisk(disk: SimulatedDisk, weather: DiskWeather): Promise<SimulatedDisk> {
  const copy = createRelayDisk({ ...weather, failures: 0 })
  const [from, to] = [disk.files, copy.files]
  const copyAll = async (path: string): Promise<void> => {
    await to.makeDirectories(path)
    for (const name of await from.readdir(path)) {
      const bytes = await from.read(join(path, name))
      if (bytes === undefined) {
        await copyAll(join(path, name))
        continue
      }
      const file = await to.create(join(path, name))
      await file.append(bytes)
      await file.datasync()
    }
    await to.syncDirectory(path)
  }
  await copyAll(DATA_DIR)
  await to.syncDirectory('/')
  return copy
}

/** `files` for one life of a relay. */
export function mortalFiles(files: Files, life: Life, weather: DiskWeather): Files {
  async function step<T>(run: () => Promise<T>): Promise<T> {
    await pause()
    try {
      return await run()
    } finally {
      await pause()
    }
  }

  /** Half a step. */
  async function pause(): Promise<void> {
    if (life.over) return new Promise(() => {})
    if (weather.stepMs === 0) return undefined
    return new Promise((resolve) => {
      weather.clock.after((weather.random() * weather.stepMs) / 2, () => {
        if (!life.over) resolve()
      })
    })
  }

  const mortal = <T extends object>(thing: T): T =>
    new Proxy(thing, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name, target)
        if (typeof method !== 'function') return method
        return async (...args: unknown[]) =>
          step(async () => {
            const value = (await method.apply(target, args)) as unknown
            return name === 'create' ? mortal(value as AppendFile) : value
          })
      }
    })
  return mortal(files)
}
