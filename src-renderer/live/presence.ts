// How the people on the screen are [S14.2]: collects whom it shows, and keeps what the relay tells of them while there is a connection. Knows no screen.
import { Observable } from 'rxjs'
import type { Subscriber } from 'rxjs'
import { MAX_WATCHED_USERS } from '../../protocol/limits.ts'
import type { PersonPresence } from '../../protocol/live.ts'
import type { Clock } from '../connection/clock.ts'
import type { PeopleTold } from '../connection/connection.ts'

/** For how long people who appear and vanish are gathered before the relay is told. */
export const WATCH_GATHER_MS = 250

/** What a window wants of the relay. */
export interface Wants {
  /** Its user has done something lately. */
  active: boolean
  /** Whom it shows, at most MAX_WATCHED_USERS, who appeared last first. */
  watch: readonly string[]
}

export interface PresenceOfPeople {
  /**
   * While subscribed, the person is on the screen. Emits at once and on every change; undefined: not known, which is not the same as
   * offline: no connection, no common room, not asked yet, or too many others on the screen.
   */
  watch(userId: string): Observable<PersonPresence | undefined>
  stop(): void
}

interface Watched {
  watchers: Set<Subscriber<PersonPresence | undefined>>
  now: PersonPresence | undefined
}

export function createPresence(options: {
  told: Observable<PeopleTold>
  /** Whether there is a connection: what was heard ends with it. */
  up: Observable<boolean>
  /** Emits at once. */
  active: Observable<boolean>
  want: (wants: Wants) => void
  clock: Clock
}): PresenceOfPeople {
  const { want, clock } = options
  /** Who appeared last is last. Those without watchers have vanished since the relay was told. */
  const people = new Map<string, Watched>()
  let active = true
  let wanted: Wants = { active: true, watch: [] }
  let cancelGathering: (() => void) | null = null

  function gather(): void {
    cancelGathering ??= clock.after(WATCH_GATHER_MS, tell)
  }

  function tell(): void {
    cancelGathering = null
    for (const [userId, { watchers }] of people) if (watchers.size === 0) people.delete(userId)
    const watch = [...people.keys()].toReversed().slice(0, MAX_WATCHED_USERS)
    const asked = new Set(watch)
    for (const [userId, person] of people) if (!asked.has(userId)) set(person, undefined)
    if (wanted.active === active && hasSame(asked, wanted.watch)) return
    wanted = { active, watch }
    want(wanted)
  }

  function set(person: Watched, now: PersonPresence | undefined): void {
    if (isSame(person.now, now)) return
    person.now = now
    for (const watcher of person.watchers) watcher.next(now)
  }

  function hear({ people: told, all }: PeopleTold): void {
    const byId = new Map(told.map((person) => [person.userId, person]))
    for (const [userId, person] of people) if (all || byId.has(userId)) set(person, byId.get(userId))
  }

  const subscriptions = [
    options.told.subscribe(hear),
    options.up.subscribe((isUp) => {
      if (!isUp) for (const person of people.values()) set(person, undefined)
    }),
    options.active.subscribe((now) => {
      active = now
      if (wanted.active !== active) gather()
    })
  ]

  return {
    watch: (userId) =>
      new Observable((subscriber) => {
        const person = people.get(userId) ?? { watchers: new Set(), now: undefined }
        people.delete(userId)
        people.set(userId, person)
        person.watchers.add(subscriber)
        subscriber.next(person.now)
        gather()
        return () => {
          person.watchers.delete(subscriber)
          if (person.watchers.size === 0) gather()
        }
      }),
    stop: () => {
      for (const subscription of subscriptions) subscription.unsubscribe()
      cancelGathering?.()
    }
  }
}

function hasSame(set: ReadonlySet<string>, list: readonly string[]): boolean {
  return set.size === list.length && list.every((each) => set.has(each))
}

function isSame(a: PersonPresence | undefined, b: PersonPresence | undefined): boolean {
  return a?.state === b?.state && a?.lastSeenAt === b?.lastSeenAt
}
