// Who types where, as the relay tells it, until it expires [S14.1]. Knows no names and no screen.
import { Observable } from 'rxjs'
import type { Subscriber } from 'rxjs'
import { TYPING_RECEIVER_TTL_MS } from '../../protocol/limits.ts'
import type { TypingTold } from '../../protocol/live.ts'
import type { Clock } from '../connection/clock.ts'

/** Who types in a room now. */
export interface TypingNow {
  /** The first few of them. */
  userIds: readonly string[]
  /** All of them; at least one. */
  count: number
  /** [S11.5] What they write is for a few only. */
  aside: boolean
}

export interface TypingIn {
  /** Emits at once and on every change; null: nobody. What is typed aside is told in the room that it stands in. */
  watch(roomId: string): Observable<TypingNow | null>
  stop(): void
}

interface Heard {
  userIds: readonly string[]
  count: number
  cancel: () => void
}

/** What is kept of a room while somebody types in it or somebody watches it. */
interface Place {
  /** By the room that was told of: the room itself and its asides. */
  heard: Map<string, Heard>
  watchers: Set<Subscriber<TypingNow | null>>
  now: TypingNow | null
}

/** Work and memory are those of the rooms in which somebody types, and of a subscription for each that is watched. */
export function createTypingIn(options: {
  told: Observable<TypingTold>
  /** Whether there is a connection: what was heard ends with it. */
  up: Observable<boolean>
  clock: Clock
  /** [S11.5] The room that an aside belongs to. */
  parentOf: (asideId: string) => string | undefined
}): TypingIn {
  const { clock, parentOf } = options
  const places = new Map<string, Place>()

  function placeOf(roomId: string): Place {
    const place = places.get(roomId) ?? { heard: new Map(), watchers: new Set(), now: null }
    places.set(roomId, place)
    return place
  }

  function renew(roomId: string, place: Place): void {
    const now = nowIn(roomId, place.heard)
    if (place.heard.size === 0 && place.watchers.size === 0) places.delete(roomId)
    if (isSame(now, place.now)) return
    place.now = now
    for (const watcher of place.watchers) watcher.next(now)
  }

  function hear({ roomId, userIds, count }: TypingTold): void {
    const shownIn = parentOf(roomId) ?? roomId
    const place = placeOf(shownIn)
    const forget = (): void => {
      place.heard.delete(roomId)
      renew(shownIn, place)
    }
    place.heard.get(roomId)?.cancel()
    if (count === 0 || userIds.length === 0) {
      forget()
      return
    }
    place.heard.set(roomId, { userIds, count, cancel: clock.after(TYPING_RECEIVER_TTL_MS, forget) })
    renew(shownIn, place)
  }

  function forgetAll(): void {
    for (const [roomId, place] of places) {
      for (const { cancel } of place.heard.values()) cancel()
      place.heard.clear()
      renew(roomId, place)
    }
  }

  const hearing = options.told.subscribe(hear)
  const connection = options.up.subscribe((isUp) => {
    if (!isUp) forgetAll()
  })

  return {
    watch: (roomId) =>
      new Observable((subscriber) => {
        const place = placeOf(roomId)
        place.watchers.add(subscriber)
        subscriber.next(place.now)
        return () => {
          place.watchers.delete(subscriber)
          renew(roomId, place)
        }
      }),
    stop: () => {
      hearing.unsubscribe()
      connection.unsubscribe()
      forgetAll()
    }
  }
}

/** Those who write for everybody come first. */
function nowIn(roomId: string, heard: ReadonlyMap<string, Heard>): TypingNow | null {
  const own = heard.get(roomId)
  const [aside] = heard.values()
  const found = own ?? aside
  return found ? { userIds: found.userIds, count: found.count, aside: !own } : null
}

function isSame(a: TypingNow | null, b: TypingNow | null): boolean {
  if (a === null || b === null) return a === b
  return a.aside === b.aside && a.count === b.count && a.userIds.join() === b.userIds.join()
}
