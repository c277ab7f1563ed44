// What the screen works with while the profile is being opened: the open room as it lies on the disk, and everything else as soon as it is there. The
// screen does not learn of the change. Knows no screen, and must import neither store nor connection but for their types.
import { concat, from, NEVER, of } from 'rxjs'
import { catchError, switchMap } from 'rxjs'
import type { Observable } from 'rxjs'
import type { Services } from './services.ts'
import { meOf } from './session.ts'
import type { StoredSession } from './session.ts'
import type { FirstRows } from './store/first-rows.ts'
import { storeAhead, whenThere } from './store/store-ahead.ts'

/** @param coming the real ones; if it rejects, the screen stays as it is until another one is shown */
export function servicesAhead(
  session: StoredSession,
  rows: FirstRows,
  roomId: string,
  coming: Promise<Services>
): Services {
  let real: Services | undefined
  // Whoever opens the profile tells of what went wrong.
  coming.then(
    (services) => (real = services),
    () => undefined
  )
  const store = coming.then((services) => services.store)
  const told = <T>(watch: (services: Services) => Observable<T>): Observable<T> =>
    from(coming).pipe(
      catchError(() => NEVER),
      switchMap(watch)
    )
  const later = (act: (services: Services) => void): void => void coming.then(act, () => undefined)
  return {
    me: meOf(session),
    relayUrl: session.relayUrl,
    store: storeAhead(rows, { userId: session.user.id, roomId }, store),
    status: concat(
      of({ name: 'connecting' } as const),
      told(({ status }) => status)
    ),
    connectNow: () => later((services) => services.connectNow()),
    history: told(({ history }) => history),
    pauseHistory: (paused) => later((services) => services.pauseHistory(paused)),
    live: {
      watchTyping: (room) => told(({ live }) => live.watchTyping(room)),
      watchPresence: (userId) => told(({ live }) => live.watchPresence(userId)),
      // Of what is not connected yet nothing is told later.
      ownTyping: {
        keyed: (...args) => real?.live.ownTyping.keyed(...args),
        ended: () => real?.live.ownTyping.ended()
      }
    },
    openRoom: (room) => later((services) => services.openRoom(room)),
    showsEnd: (room) => later((services) => services.showsEnd(room)),
    loadOlder: async (room, before) => (await coming).loadOlder(room, before),
    pictures: {
      held: (name) => real?.pictures.held(name),
      watch: (name) => told(({ pictures }) => pictures.watch(name))
    },
    exportAll: async () => (await coming).exportAll(),
    account: whenThere(coming.then(({ account }) => account)),
    invites: whenThere(coming.then(({ invites }) => invites)),
    findOpenRooms: async (...args) => (await coming).findOpenRooms(...args),
    findEdits: async (...args) => (await coming).findEdits(...args),
    administration: whenThere(coming.then(({ administration }) => administration)),
    sessionKept: async () => (await coming).sessionKept(),
    signInAgain: () => later((services) => services.signInAgain()),
    signOut: async (how) => (await coming).signOut(how)
  }
}
