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

type Command = (...args: unknown[]) => Promise<unknown>

/** The same commands, until `end`. */
export function closable(open: ChatCommands): ClosableCommands {
  const running = new Set<Promise<unknown>>()
  let closed = false

  const through =
    (command: Command): Command =>
    async (...args) => {
      if (closed) throw new StoreClosedError('the store is closed')
      const result = command(...args)
      running.add(result)
      try {
        return await result
      } finally {
        running.delete(result)
      }
    }

  const commands = Object.entries(open).map(([name, command]) => [name, through(command as Command)])
  return {
    commands: Object.fromEntries(commands) as ChatCommands,
    async end() {
      closed = true
      await Promise.allSettled(running)
    }
  }
}
