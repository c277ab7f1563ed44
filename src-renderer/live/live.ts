// The live lane of one window, put together: who types where, how people are, and what this window says of its own user. Knows no screen and no store.
import { distinctUntilChanged } from 'rxjs'
import type { Observable } from 'rxjs'
import { asideRoomId } from '../../protocol/derived-ids.ts'
import type { PersonPresence } from '../../protocol/live.ts'
import { systemClock } from '../connection/clock.ts'
import type { Clock } from '../connection/clock.ts'
import type { LiveBus } from './live-bus.ts'
import { createPresence } from './presence.ts'
import { startSharedLine } from './shared-line.ts'
import type { LiveConnection } from './shared-line.ts'
import { createTypingIn } from './typing-in.ts'
import type { TypingNow } from './typing-in.ts'
import { createTypingOut } from './typing-out.ts'

/** What features see of it. Everything expires by itself, and nothing is known without a connection [S14]. */
export interface Live {
  /** Who types in a room, and in its asides that the person is in; null: nobody. Emits at once. */
  watchTyping(roomId: string): Observable<TypingNow | null>
  /** How somebody is who is on the screen as long as one subscribes. Emits at once; undefined: not known. */
  watchPresence(userId: string): Observable<PersonPresence | undefined>
  readonly ownTyping: OwnTyping
}

/** [S14.1] What the field tells. */
export interface OwnTyping {
  /**
   * A key has changed the words of a message for the room `roomId`, or for `asideTo` alone: those hear of it in their aside, once there is one, and
   * nobody else does [S11.5].
   */
  keyed(roomId: string, asideTo: readonly string[] | null): void
  /** Sent, emptied, left. */
  ended(): void
}

export interface RunningLive extends Live {
  /** This window has the connection from now on: this one, instead of any before. */
  lead(connection: LiveConnection): void
  stop(): void
}

export function startLive(options: {
  userId: string
  bus: LiveBus
  /** Whether the connection of whatever window is up. */
  up: Observable<boolean>
  /** [S14.2] Whether the user has done something lately in this window. Emits at once. */
  active: Observable<boolean>
  /** [S11.5] The room of each aside that the person is in, by the aside's id. Emits on every change. */
  asides: Observable<ReadonlyMap<string, string>>
  clock?: Clock
  onProblem: (problem: unknown) => void
}): RunningLive {
  const { userId, bus, onProblem, clock = systemClock } = options
  let parents: ReadonlyMap<string, string> = new Map()
  const asides = options.asides.subscribe((now) => (parents = now))
  const line = startSharedLine({ bus, up: options.up, clock, onProblem })
  const typingIn = createTypingIn({ told: line.typing, up: line.up, clock, parentOf: (id) => parents.get(id) })
  const typingOut = createTypingOut({ say: (typing) => line.tellTyping(typing), up: line.up, clock })
  const presence = createPresence({
    told: line.people,
    up: line.up,
    active: options.active.pipe(distinctUntilChanged()),
    want: (wants) => line.want(wants),
    clock
  })
  return {
    watchTyping: (roomId) => typingIn.watch(roomId),
    watchPresence: (id) => presence.watch(id),
    ownTyping: {
      keyed: (roomId, asideTo) => {
        const asideId = asideTo && asideRoomId(roomId, [userId, ...asideTo])
        typingOut.keyed(asideId === null || parents.has(asideId) ? (asideId ?? roomId) : null)
      },
      ended: () => typingOut.ended()
    },
    lead: (connection) => line.lead(connection),
    stop: () => {
      typingOut.ended()
      for (const each of [typingIn, typingOut, presence, line]) each.stop()
      asides.unsubscribe()
    }
  }
}
