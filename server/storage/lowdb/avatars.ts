// Pictures of users and rooms: a file each, of which memory holds those that are newer than their file. Knows no rule.
import type { Log } from '../../log.ts'
import type { Avatar } from '../port.ts'
import { DamagedFileError, documentAt } from './atomic-json-file.ts'
import { isId } from './documents.ts'
import type { AvatarDocument, Layout } from './documents.ts'
import type { Files } from './files.ts'

/** A picture that is newer than its file. */
export class AvatarState {
  readonly ownerId: string
  /** Null: taken away. */
  value: Avatar | null
  /** What the file holds; undefined while that is something else. */
  written: Avatar | null | undefined

  constructor(ownerId: string, value: Avatar | null) {
    this.ownerId = ownerId
    this.value = value
  }

  get bytes(): number {
    return this.value?.png.length ?? 0
  }
}

export class Avatars {
  readonly #files: Files
  readonly #layout: Layout
  readonly #log: Log
  readonly #newer = new Map<string, AvatarState>()
  /** Said once of each, and not whenever somebody looks at it. */
  readonly #damaged = new Set<string>()

  constructor(files: Files, layout: Layout, log: Log) {
    this.#files = files
    this.#layout = layout
    this.#log = log
  }

  /** Takes what a commit says. @returns what is to be written. */
  take(ownerId: string, value: Avatar | null): AvatarState {
    const known = this.#newer.get(ownerId)
    if (known) {
      known.value = value
      return known
    }
    const made = new AvatarState(ownerId, value)
    this.#newer.set(ownerId, made)
    return made
  }

  /** Undefined if there is none. A damaged one costs nobody more than the picture: it counts as none, and the log names it. */
  async get(ownerId: string): Promise<Avatar | undefined> {
    const newer = this.#newer.get(ownerId)
    if (newer) return newer.value ?? undefined
    if (!isId(ownerId)) return undefined
    const low = documentAt<AvatarDocument | null>(this.#files, this.#layout.avatar(ownerId), null)
    try {
      await low.read()
    } catch (error) {
      if (!(error instanceof DamagedFileError)) throw error
      if (!this.#damaged.has(ownerId))
        this.#log.error(`${error.message}; the picture is not shown until it is set again`)
      this.#damaged.add(ownerId)
      return undefined
    }
    if (!low.data) return undefined
    return { ownerId, hash: low.data.hash, png: Buffer.from(low.data.png, 'base64') }
  }

  /** Writes its file, or removes it. @returns the path, whose name `syncDirectory` makes durable. */
  async write(state: AvatarState, covers: number): Promise<string> {
    const { ownerId, value } = state
    const path = this.#layout.avatar(ownerId)
    if (value) {
      const png = Buffer.from(value.png).toString('base64')
      await documentAt<AvatarDocument>(this.#files, path, { covers, ownerId, hash: value.hash, png }).write()
    } else await this.#files.unlink(path)
    state.written = value
    this.#damaged.delete(ownerId)
    return path
  }

  /** To be called when what was written is durable: memory lets go of it, unless it has changed since. */
  release(state: AvatarState): void {
    if (state.written === state.value && this.#newer.get(state.ownerId) === state) this.#newer.delete(state.ownerId)
  }
}
