// A disk in memory whose power can be cut before or within any operation: what was not flushed is then there, not there, or torn.
// Decided by random numbers alone, without clock or timer: the same numbers give the same disk. Knows nothing of what the files mean.
import { basename, dirname } from 'node:path'
import type { AppendFile, Files } from '../files.ts'
import type { Operation } from './watched-files.ts'
import { SimulatedFile } from './simulated-file.ts'

type Node = SimulatedFile | SimulatedDirectory

/** What happens to names, in order: the ones that go, and the one that comes. */
interface NameChange {
  removed?: string
  set?: readonly [name: string, node: Node]
}

class SimulatedDirectory {
  /** As processes see it. */
  entries = new Map<string, Node>()
  /** As it is on the disk, without `pending`. */
  durable = new Map<string, Node>()
  pending: NameChange[] = []

  change(change: NameChange): void {
    this.pending.push(change)
    apply(this.entries, change)
  }

  sync(): void {
    this.durable = new Map(this.entries)
    this.pending = []
  }

  /** Any of the changes since the last flush may be on the disk, and of a renaming the new name without the end of the old one. */
  crash(random: () => number): void {
    const share = [0, 1, 0.5][Math.floor(random() * 3)] ?? 0
    for (const { removed, set } of this.pending) {
      if (random() < share)
        apply(this.durable, { ...(set && { set }), ...(removed !== undefined && random() < 0.9 && { removed }) })
    }
    this.entries = new Map(this.durable)
    this.pending = []
    for (const node of this.entries.values()) node.crash(random)
  }
}

function apply(entries: Map<string, Node>, { removed, set }: NameChange): void {
  if (removed !== undefined) entries.delete(removed)
  if (set) entries.set(set[0], set[1])
}

/** Why an operation of a process that has no disk any more fails. */
export class PowerCutError extends Error {
  override readonly name = 'PowerCutError'
}

export interface SimulatedDiskOptions {
  /** Faults of the disk itself, to see that tests notice: a flush that this is true for is said to be done, and is not. */
  skips?: (operation: Operation, path: string) => boolean
}

export class SimulatedDisk {
  /** Operations that were begun, in all lives. */
  operations = 0
  /** Called before each operation; what it throws is what that fails with (a full disk, a flush that fails). */
  before: ((operation: Operation, path: string) => void) | undefined
  readonly #random: () => number
  readonly #skips: (operation: Operation, path: string) => boolean
  readonly #root = new SimulatedDirectory()
  #life = 0
  #cutAt = Infinity

  /** @param random as `Math.random`; decides what a crash leaves, and in which order concurrent operations are done */
  constructor(random: () => number, { skips = () => false }: SimulatedDiskOptions = {}) {
    this.#random = random
    this.#skips = skips
  }

  /** Cuts the power with the operation that comes after so many others; from then on everything fails until `crash`. */
  cutAfter(operations: number): void {
    this.#cutAt = this.operations + operations
  }

  /** The machine is off and on again: whoever had files before has none, and the disk holds what it may hold after a power cut. */
  crash(): void {
    this.kill()
    this.#root.crash(this.#random)
  }

  /** Whoever had files before is gone; the machine goes on, and has everything that they wrote, flushed or not. */
  kill(): void {
    this.#life += 1
    this.#cutAt = Infinity
  }

  /** The disk, for a process that lives until the next `crash` or `kill`. */
  get files(): Files {
    const life = this.#life
    const step = <T>(operation: Operation, path: string, work: () => T) => this.#step(life, operation, path, work)
    return {
      makeDirectories: async (path) => {
        const missing: string[] = []
        for (let at = path; dirname(at) !== at && !this.#find(at); at = dirname(at)) missing.unshift(at)
        for (const each of missing)
          await step('makeDirectories', each, () => this.#change(each, new SimulatedDirectory()))
        return missing[0]
      },
      readdir: (path) =>
        step('readdir', path, () => {
          const node = this.#find(path)
          return node instanceof SimulatedDirectory ? [...node.entries.keys()].toSorted() : []
        }),
      read: (path) =>
        step('read', path, () => {
          const node = this.#find(path)
          return node instanceof SimulatedFile ? node.read() : undefined
        }),
      size: (path) =>
        step('size', path, () => {
          const node = this.#find(path)
          return node instanceof SimulatedFile ? node.size : 0
        }),
      create: async (path) => {
        const file = await step('create', path, () => {
          if (this.#find(path)) throw failure('EEXIST', path)
          const made = new SimulatedFile()
          this.#change(path, made)
          return made
        })
        return this.#appendFile(life, file, path)
      },
      rename: (from, to) =>
        step('rename', to, () => {
          const node = this.#find(from)
          if (!node || dirname(from) !== dirname(to)) throw failure('ENOENT', from)
          this.#directory(to).change({ removed: basename(from), set: [basename(to), node] })
        }),
      syncDirectory: (path) =>
        step('syncDirectory', path, () => {
          const node = this.#find(path)
          if (!(node instanceof SimulatedDirectory)) throw failure('ENOENT', path)
          if (!this.#skips('syncDirectory', path)) node.sync()
        }),
      unlink: (path) =>
        step('unlink', path, () => {
          if (this.#find(path)) this.#directory(path).change({ removed: basename(path) })
        })
    }
  }

  #appendFile(life: number, file: SimulatedFile, path: string): AppendFile {
    return {
      append: (bytes) =>
        this.#step(
          life,
          'append',
          path,
          () => file.append(bytes),
          () => file.append(bytes.subarray(0, Math.floor(this.#random() * bytes.length)))
        ),
      datasync: () =>
        this.#step(
          life,
          'datasync',
          path,
          () => this.#skips('datasync', path) || file.sync(),
          () => file.failSync()
        ).then(() => undefined),
      close: async () => undefined
    }
  }

  /**
   * One operation of the process of `life`.
   * @param failing what an operation that fails has done all the same
   */
  async #step<T>(life: number, operation: Operation, path: string, work: () => T, failing?: () => void): Promise<T> {
    // So that others come first now and then.
    for (let turns = Math.floor(this.#random() * 4); turns >= 0; turns--) await Promise.resolve()
    if (life !== this.#life || this.operations > this.#cutAt) throw new PowerCutError(`${operation} ${path}`)
    this.operations += 1
    if (this.operations > this.#cutAt) {
      // The one that the cut comes into: it may be done, half done, or not.
      const share = this.#random()
      if (share < 0.4) work()
      else if (share < 0.7) failing?.()
      throw new PowerCutError(`${operation} ${path}`)
    }
    try {
      this.before?.(operation, path)
    } catch (error) {
      failing?.()
      throw error
    }
    return work()
  }

  #find(path: string): Node | undefined {
    let node: Node | undefined = this.#root
    for (const name of path.split('/')) {
      if (name === '') continue
      if (!(node instanceof SimulatedDirectory)) return undefined
      node = node.entries.get(name)
    }
    return node
  }

  #directory(path: string): SimulatedDirectory {
    const node = this.#find(dirname(path))
    if (!(node instanceof SimulatedDirectory)) throw failure('ENOENT', path)
    return node
  }

  #change(path: string, node: Node): void {
    this.#directory(path).change({ set: [basename(path), node] })
  }
}

function failure(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code })
}
