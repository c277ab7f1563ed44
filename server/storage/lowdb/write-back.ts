// Writes documents behind the journal, and removes the journal files that they cover. What fails here is tried again later:
// until then the journal has it. Never changes what the relay knows.
import { dirname } from 'node:path'
import { documentAt } from './atomic-json-file.ts'
import { AvatarState } from './avatars.ts'
import type { Avatars } from './avatars.ts'
import { SEGMENT_MESSAGES } from './documents.ts'
import type { Layout } from './documents.ts'
import type { Files } from './files.ts'
import type { Journal } from './journal.ts'
import { LateState } from './late-changes.ts'
import { mapLimited } from './limited.ts'
import type { Turns } from './limited.ts'
import type { Log } from '../../log.ts'
import type { MessageIndex } from './message-index.ts'
import type { RelayFile } from './relay-file.ts'
import type { Segment, Segments } from './segments.ts'
import { InvitesState, ReadsState, RoomState } from './state.ts'
import type { State } from './state.ts'
import { UserState } from './user-state.ts'

/** Calls `run` once after `ms` unless the result is called before. */
export type Timer = (ms: number, run: () => void) => () => void

export interface WriteBackLimits {
  /** Documents are written when the journal has this many bytes, … */
  journalBytes: number
  /** … when this many segments are newer than their files, … */
  segments: number
  /** … or so many bytes of segments and pictures, which memory holds until then, … */
  heldBytes: number
  /** … and this long after the last commit. */
  quietMs: number
}

interface Parts {
  files: Files
  layout: Layout
  journal: Journal
  state: State
  segments: Segments
  index: MessageIndex
  avatars: Avatars
  relay: RelayFile
  /** The turns in which commits run. */
  turns: Turns
  log: Log
  timer: Timer
  limits: WriteBackLimits
}

type Written = LateState | UserState | RoomState | ReadsState | InvitesState | AvatarState | Segment

const WRITERS = 4
/** What could not be written is tried again after so many times `quietMs`, or with the next commit. */
const RETRY_FACTOR = 10
/** Commits wait when so many times `limits.segments` segments do, or `limits.heldBytes`. */
const CROWD_FACTOR = 4

export class WriteBack {
  /** Whether the journal holds what no document can take, because one is damaged: it is kept as it is then. */
  isJournalNeeded = false
  /** The last entry that memory includes. */
  applied = 0
  readonly #parts: Parts
  #behind = new Set<Written>()
  #segmentsBehind = 0
  #bytesBehind = 0
  #running: Promise<void> | undefined
  #cancelTimer: () => void = () => undefined
  #stopped = false
  /** Said once, and not for each attempt. */
  #failing = false

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Whether so much of memory is not in documents yet that commits have to wait: it must not grow without bound [S16]. */
  get crowded(): boolean {
    const { segments, heldBytes } = this.#parts.limits
    return this.#segmentsBehind > CROWD_FACTOR * segments || this.#bytesBehind > CROWD_FACTOR * heldBytes
  }

  /** Its file is older than memory now. A segment stays in memory until it is written. */
  mark(changed: Written): void {
    if (this.#behind.has(changed)) return
    this.#behind.add(changed)
    if (isSegment(changed)) {
      changed.holds += 1
      this.#segmentsBehind += 1
      this.#bytesBehind += changed.bytes
    } else if (changed instanceof AvatarState) this.#bytesBehind += changed.bytes
  }

  /** To be called after each commit: starts writing, now or when it has been quiet for a while. */
  due(): void {
    const { journal, limits, timer, log } = this.#parts
    const goOn = () => {
      if (this.#failing) log.info('documents can be written again')
      this.#failing = false
      if (this.#behind.size > 0) this.due()
    }
    const start = () => {
      this.run().then(goOn, (error: unknown) => {
        const text = 'documents cannot be written; the journal has what they lack, and they are tried again'
        if (!this.#failing) log.error(text, { error })
        this.#failing = true
        this.#cancelTimer()
        if (!this.#stopped) this.#cancelTimer = timer(limits.quietMs * RETRY_FACTOR, start)
      })
    }
    // After a failure the timer runs: not every commit is to try again.
    if (this.#running || this.#stopped || this.#failing) return
    this.#cancelTimer()
    const isMuch = this.#segmentsBehind >= limits.segments || this.#bytesBehind >= limits.heldBytes
    if (isMuch || journal.bytes >= limits.journalBytes) start()
    else this.#cancelTimer = timer(limits.quietMs, start)
  }

  /** Writes everything that is behind now and removes the journal files before. One at a time: a call while it runs waits for that one. */
  run(): Promise<void> {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** Writes everything that was committed before this call. */
  async all(): Promise<void> {
    // One that runs already may have begun before the last commit; whether it succeeds does not matter.
    await Promise.allSettled([this.#running])
    await this.run()
  }

  /** The same, for the last time. */
  async finish(): Promise<void> {
    this.#stopped = true
    this.#cancelTimer()
    await this.all()
  }

  /** Only the documents; the journal stays as it is. For a replay that would otherwise fill the memory. */
  async writeDocuments(): Promise<void> {
    await this.#writeAll(this.#takeBehind(), async () => undefined)
  }

  async #run(): Promise<void> {
    const { journal, limits, relay, state, turns } = this.#parts
    const { file, through, list } = await turns.take(async () => {
      // Files that are not going to be removed are not to become many.
      const isDue = !this.isJournalNeeded || journal.bytes >= limits.journalBytes
      const file = isDue ? await journal.rotate() : 0
      return { file, through: this.applied, list: this.#takeBehind() }
    })
    await this.#writeAll(list, async () => {
      if (this.isJournalNeeded) return
      const { usersBegins, users, rooms, readsCount, invites } = state
      const counts = { users: users.size, rooms: rooms.size, reads: readsCount, invites: invites.written }
      await relay.write((data) => Object.assign(data, { writtenThrough: through, usersBegins, ...counts }))
    })
    if (!this.isJournalNeeded) await journal.removeBelow(file)
  }

  #takeBehind(): Written[] {
    const list = [...this.#behind]
    this.#behind = new Set()
    this.#segmentsBehind = 0
    this.#bytesBehind = 0
    return list
  }

  /** If anything fails, all of `list` is behind as before. */
  async #writeAll(list: Written[], andThen: () => Promise<void>): Promise<void> {
    try {
      await this.#write(list)
      await andThen()
      for (const one of list) if (one instanceof AvatarState) this.#parts.avatars.release(one)
    } catch (error) {
      for (const one of list) this.mark(one)
      throw error
    } finally {
      for (const one of list) if (isSegment(one)) this.#parts.segments.release(one)
    }
  }

  /** Writes documents as they are now, and makes their names durable. */
  async #write(list: readonly Written[]): Promise<void> {
    const { files, layout } = this.#parts
    const rooms = list.flatMap((one) => ('roomId' in one ? [one.roomId] : one instanceof RoomState ? [one.id] : []))
    for (const roomId of new Set(rooms)) await files.makeDirectories(layout.roomDirectory(roomId))
    const paths = await mapLimited(list, WRITERS, (one) => this.#writeOne(one))
    const directories = new Set(paths.map((path) => dirname(path)))
    // Also if the room's directory was there already: whoever made it may have died before this.
    if (rooms.length > 0) directories.add(layout.rooms)
    await mapLimited([...directories], WRITERS, (directory) => files.syncDirectory(directory))
  }

  /** The number and the content are taken in the same moment; that is what makes a replay onto it right. */
  async #writeOne(one: Written): Promise<string> {
    const { files, layout, index, avatars } = this.#parts
    if (one instanceof AvatarState) return avatars.write(one, this.applied)
    if (isSegment(one)) {
      const full = one.low.data.messages.length === SEGMENT_MESSAGES
      if (full && !one.fingerprinted) await index.writeFingerprints(one)
      one.low.data.covers = this.applied
      await one.low.write()
      return one.path
    }
    const path = pathOf(one, layout)
    const document = one.toDocument(this.applied)
    await documentAt<unknown>(files, path, document).write()
    if (one instanceof InvitesState) one.written = document.covers
    return path
  }
}

function pathOf(one: Exclude<Written, Segment | AvatarState>, layout: Layout): string {
  if (one instanceof RoomState) return layout.room(one.id)
  if (one instanceof ReadsState) return layout.reads(one.roomId)
  if (one instanceof LateState) return layout.late(one.roomId, one.number)
  return one instanceof UserState ? layout.user(one.id) : layout.invites
}

function isSegment(one: Written): one is Segment {
  return 'low' in one
}
