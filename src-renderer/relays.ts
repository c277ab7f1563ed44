// The relays that somebody is signed in to: all of them run at once, each opened by itself and failing by itself, and one is in front. Knows no screen,
// and of storage only that sessions are kept. docs/decisions/0023-several-relays.md
import { BehaviorSubject } from 'rxjs'
import type { Observable } from 'rxjs'
import { hashOfRoom } from './platform/hash-route.ts'
import type { Profile, ProfileOptions } from './profile.ts'
import type { RelayInList, Services } from './services.ts'
import { meOf } from './session.ts'
import type { Session, Sessions, StoredSession } from './session.ts'
import { OwnDataUnreadableError } from './store/own-data-unreadable.ts'

/** What a profile tells of itself. */
export type ProfileHooks = Pick<ProfileOptions, 'onRenewed' | 'onSignedOut'>

/** What stands for a profile while it is being opened. */
export interface Ahead {
  services: Services
  opened(services: Services): void
  failed(error: unknown): void
  close(): void
}

export interface RelaysParts {
  sessions: Pick<Sessions, 'all' | 'front' | 'keep' | 'bringToFront' | 'forget'>
  /** Throws `OwnDataUnreadableError`. */
  open: (session: StoredSession, hooks: ProfileHooks) => Promise<Profile>
  /** The address within the app: of the relay in front. `replace` tells nobody and leaves no step back; `follow` does as a link. */
  address: { hash(): string; replace(hash: string): void; follow(hash: string): void }
  /** Something has changed of what `list` and `front` say. */
  onChange: () => void
  onProblem: (problem: unknown) => void
}

/** One of them, as it stands. */
interface Standing {
  session: StoredSession
  state: RelayInList['state']
  services: Services | null
  profile: Profile | null
  ahead: Ahead | null
  /** Why it cannot be read. */
  error: unknown
  /** Resolves when it is open or has failed. */
  opening: Promise<void> | null
}

export interface OpenRelays {
  /** In the order in which they were added. The same object until `onChange`. */
  list(): readonly RelayInList[]
  /** Null when nobody is signed in, or the way in is before them. */
  front(): Pick<Standing, 'session' | 'state' | 'services' | 'error'> | null
  /** The profiles that are open. */
  profiles(): readonly Profile[]
  /** Which those are: at once and on every change. */
  readonly open: Observable<readonly { relayId: string; store: Services['store'] }[]>
  /** What stands for the one in front until it is open. */
  showAhead(ahead: Ahead): void
  /** Opens the one in front, then the others, each when there is time; resolves when all are open or have failed. */
  start(idle: () => Promise<void>): Promise<void>
  /** Somebody has signed in. Resolves when that relay is in front. Takes the place of the session that was there of the same relay. */
  add(session: Session): Promise<void>
  /** @param hash where to; without it, to where one was */
  bringToFront(relayId: string, hash?: string): void
  /** The way in comes before them, at this address; they go on. `bringToFront` leads back. */
  stepBack(hash: string): void
  /** Ends all of them, also those that are being opened; what is stored stays. */
  stop(): Promise<void>
  /** The relay at this origin to which somebody is signed in. */
  at(origin: string): string | null
}

export function openRelays({ sessions, open, address, onChange, onProblem }: RelaysParts): OpenRelays {
  const standings = new Map<string, Standing>()
  /** Where one was, in each that is not in front. */
  const hashes = new Map<string, string>()
  let frontId = sessions.front()?.relayId ?? null
  let [isBack, isStopped] = [false, false]
  let list: readonly RelayInList[] = []
  const opened = new BehaviorSubject<readonly { relayId: string; store: Services['store'] }[]>([])

  const standingOf = (session: StoredSession): Standing => {
    const fresh = {
      session,
      state: 'opening',
      services: null,
      profile: null,
      ahead: null,
      error: null,
      opening: null
    } as const
    const standing: Standing = { ...fresh }
    standings.set(session.relayId, standing)
    return standing
  }
  for (const session of sessions.all()) standingOf(session)

  const front = (): Standing | null => (isBack || frontId === null ? null : (standings.get(frontId) ?? null))

  function changed(): void {
    list = sessions.all().flatMap(({ relayId }) => {
      const standing = standings.get(relayId)
      if (standing === undefined) return []
      const { session, state, services } = standing
      return [{ relayId, relayUrl: session.relayUrl, me: meOf(session), state, services }]
    })
    const stores = [...standings].flatMap(([relayId, { profile }]) =>
      profile === null ? [] : [{ relayId, store: profile.services.store }]
    )
    const isSame = (each: (typeof stores)[number], at: number): boolean => each.store === opened.value[at]?.store
    if (stores.length !== opened.value.length || !stores.every(isSame)) opened.next(stores)
    onChange()
  }

  /** Nobody looks at any of its rooms any more. */
  function lookAway(): void {
    const leaving = front()
    if (leaving === null) return
    leaving.services?.openRoom(null)
    hashes.set(leaving.session.relayId, address.hash())
  }

  async function openOnce(standing: Standing): Promise<void> {
    standing.opening ??= openNow(standing)
    await standing.opening
  }

  async function openNow(standing: Standing): Promise<void> {
    const { ahead, session } = standing
    const { relayId } = session
    try {
      const profile = await open(session, hooksOf(standing))
      if (standings.get(relayId) !== standing) {
        ahead?.close()
        await profile.stop()
        return
      }
      const { services } = profile
      // The screen does not learn of the change from what was there ahead.
      standing.services = ahead === null ? services : ahead.services
      if (ahead !== null && services.recordsRebuilt) standing.services = { ...ahead.services, recordsRebuilt: true }
      Object.assign(standing, { profile, state: 'open' })
      ahead?.opened(services)
    } catch (error) {
      onProblem(error)
      ahead?.failed(error)
      const state = error instanceof OwnDataUnreadableError ? 'unreadable' : 'broken'
      Object.assign(standing, { state, error, services: null })
    }
    ahead?.close()
    changed()
  }

  function hooksOf(standing: Standing): ProfileHooks {
    const { relayId } = standing.session
    return {
      onRenewed(session) {
        standing.session = session
        sessions.keep(session).catch(onProblem)
      },
      onSignedOut: () => remove(relayId)
    }
  }

  function bringToFront(relayId: string, hash?: string): void {
    const standing = standings.get(relayId)
    if (standing === undefined) return
    if (!isBack && relayId === frontId) {
      if (hash !== undefined) address.follow(hash)
      return
    }
    lookAway()
    address.replace(hash ?? hashes.get(relayId) ?? hashOfRoom(null))
    show(relayId)
    openOnce(standing).catch(onProblem)
  }

  function show(relayId: string): void {
    isBack = false
    frontId = relayId
    sessions.bringToFront(relayId)
    changed()
  }

  function remove(relayId: string): void {
    standings.delete(relayId)
    hashes.delete(relayId)
    sessions.forget(relayId).catch(onProblem)
    if (frontId === relayId) {
      frontId = sessions.front()?.relayId ?? null
      const next = frontId === null ? undefined : standings.get(frontId)
      if (next !== undefined && !isBack) {
        address.replace(hashes.get(next.session.relayId) ?? hashOfRoom(null))
        openOnce(next).catch(onProblem)
      }
    }
    changed()
  }

  return {
    list: () => list,
    front,
    open: opened,
    profiles: () => [...standings.values()].flatMap(({ profile }) => profile ?? []),

    showAhead(ahead) {
      const first = front()
      if (first === null) return
      Object.assign(first, { ahead, services: ahead.services })
      changed()
    },

    async start(idle) {
      const first = front()
      changed()
      if (first !== null) await openOnce(first)
      for (const standing of standings.values()) {
        if (standing.opening === null) await idle()
        if (isStopped) return
        await openOnce(standing)
      }
    },

    async add(session) {
      const { relayId } = session
      const before = standings.get(relayId)
      const standing = standingOf(session)
      await before?.opening
      await before?.profile?.stop().catch(onProblem)
      sessions.keep(session).catch(onProblem)
      await openOnce(standing)
      if (standings.get(relayId) === standing) show(relayId)
    },

    bringToFront,

    stepBack(hash) {
      if (isBack) return
      lookAway()
      address.replace(hash)
      isBack = true
      changed()
    },

    async stop() {
      isStopped = true
      const stops = [...standings.values()].map(async (standing) => {
        await standing.opening
        await standing.profile?.stop()
      })
      for (const each of await Promise.allSettled(stops)) if (each.status === 'rejected') onProblem(each.reason)
    },

    at: (origin) =>
      [...standings.values()].find(({ session }) => new URL(session.relayUrl).origin === origin)?.session.relayId ??
      null
  }
}
