// The end of commands: those that have begun are waited for, those that come later are refused aloud instead of being lost with a store
// that is gone. Knows no command by name.
import type { ChatCommands } from './chat-store.ts'

/** The store was closed (signed out, or replaced): nothing was written. */
export class StoreClosedError extends Error {
  override readonly name = 'StoreClosedError'
}

export interface ClosableCommands {
  commands: ChatCommands
  /** From now on every command rejects with `StoreClosedError`; resolves when those that have begun are settled. */
  end(): Promise<void>
}

/** The same commands, until `end`. */
export function closable(open: ChatCommands): ClosableCommands {
  const running = new Set<Promise<unknown>>()
  let closed = false

  async function through<Result>(command: () => Promise<Result>): Promise<Result> {
    if (closed) throw new StoreClosedError('the store is closed')
    const result = command()
    running.add(result)
    try {
      return await result
    } finally {
      running.delete(result)
    }
  }

  return {
    commands: {
      createRoom: async (name, memberIds) => through(() => open.createRoom(name, memberIds)),
      addMembers: async (roomId, userIds) => through(() => open.addMembers(roomId, userIds)),
      leaveRoom: async (roomId) => through(() => open.leaveRoom(roomId)),
      sendMessage: async (roomId, body) => through(() => open.sendMessage(roomId, body)),
      retry: async (entryId) => through(() => open.retry(entryId)),
      discard: async (entryId) => through(() => open.discard(entryId)),
      saveDraft: async (roomId, text) => through(() => open.saveDraft(roomId, text))
    },
    async end() {
      closed = true
      await Promise.allSettled(running)
    }
  }
}
