// When a device says that its user types, and when that it is over [S14.1]. Knows neither field nor connection.
import type { Observable } from 'rxjs'
import { TYPING_IDLE_MS, TYPING_REPEAT_MS } from '../../protocol/limits.ts'
import type { Typing } from '../../protocol/live.ts'
import type { Clock } from '../connection/clock.ts'

export interface TypingOut {
  /** A key has changed words that are there for all of the room `roomId` (an aside by its own id); null: for nobody who may know. */
  keyed(roomId: string | null): void
  /** Sent, emptied, left. */
  ended(): void
  stop(): void
}

/**
 * @param up whether there is a connection; emits at once. Nothing is said without one, and nothing is kept for later.
 */
export function createTypingOut(options: {
  say: (typing: Typing) => void
  up: Observable<boolean>
  clock: Clock
}): TypingOut {
  const { say, clock } = options
  let isUp = false
  /** The room that was told, and when last. */
  let told: { roomId: string; at: number } | null = null
  let cancelIdle = (): void => {}

  function tell(roomId: string): void {
    told = { roomId, at: clock.now() }
    say({ roomId, typing: true })
  }

  function ended(): void {
    cancelIdle()
    const before = told
    told = null
    if (before !== null) say({ roomId: before.roomId, typing: false })
  }

  const connection = options.up.subscribe((now) => {
    isUp = now
    if (now) return
    // The relay forgets it with the connection.
    cancelIdle()
    told = null
  })

  return {
    keyed: (roomId) => {
      if (told !== null && told.roomId !== roomId) ended()
      if (roomId === null || !isUp) return
      if (told === null || clock.now() - told.at >= TYPING_REPEAT_MS) tell(roomId)
      cancelIdle()
      cancelIdle = clock.after(TYPING_IDLE_MS, ended)
    },
    ended,
    stop: () => {
      connection.unsubscribe()
      cancelIdle()
    }
  }
}
