// Where a device keeps what survives a crash, as the world needs it: something to open for sync and commands, and a picture of what it holds.
import type { ChatCommands } from '../src-renderer/store/chat-store.ts'
import { createMemorySyncStore, emptyDisk } from '../src-renderer/store/memory-sync-store.ts'
import type { MemoryDisk } from '../src-renderer/store/memory-sync-store.ts'
import type { SyncStore } from '../src-renderer/store/sync-store.ts'
import { openCommands } from './memory-outbox.ts'

export interface Opened {
  sync: SyncStore
  commands: ChatCommands
}

export interface Owner {
  userId: string
  /** Device time in ms since 1970. */
  now: () => number
  /** Half of what a call of the store takes; never resolves once the device is dead. */
  pause: () => Promise<void>
  /** Told of each change of the outbox by a command. */
  changed: () => void
}

export interface Kept {
  /** What is held. */
  readonly disk: MemoryDisk
  open(owner: Owner): Promise<Opened>
  /** Whatever is open ends in the middle of what it does. */
  kill(): void
  /** Ends it in the middle of a call, before one of the writes that are to come; `died` hears of it. Absent: a call is one step. */
  dieAfter?(writes: number, died: () => void): void
  /** Closes it for good. What is wrong with what is held, apart from what the picture shows; undefined if nothing. */
  fault(): Promise<string | undefined>
}

/** In memory: what is held and its picture are one. */
export function keptInMemory(): Kept {
  const disk = emptyDisk()
  return {
    disk,
    open: async (owner) => {
      const store = createMemorySyncStore(disk)
      return { sync: store, commands: await openCommands({ store, ...owner }) }
    },
    kill: () => {},
    fault: async () => undefined
  }
}
