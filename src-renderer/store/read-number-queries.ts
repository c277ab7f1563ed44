// The numbers of who has read what, live, one derivation per room however many messages show it. Reads only.
import { combineLatest, distinctUntilChanged, finalize, map, of, ReplaySubject, share, switchMap } from 'rxjs'
import type { MonoTypeOperatorFunction, Observable } from 'rxjs'
import { readsStream, roomStream } from '../../protocol/streams.ts'
import { effective, isOf } from './outbox-standing.ts'
import { buildReadNumbers } from './read-numbers.ts'
import type { ReadNumbers } from './read-numbers.ts'
import type { MemberRow, MembershipRow, StreamRow, UserRow } from './schemas.ts'
import type { OutboxEntry } from './sync-store.ts'

export interface ReadNumberSources {
  userId: string
  streams: Observable<ReadonlyMap<string, StreamRow>>
  /** The person's, by room. */
  memberships: Observable<ReadonlyMap<string, MembershipRow>>
  users: Observable<ReadonlyMap<string, UserRow>>
  entries: Observable<readonly OutboxEntry[]>
  membersIn: (roomId: string) => Observable<ReadonlyMap<string, MemberRow>>
  pace: <T>() => MonoTypeOperatorFunction<T>
}

/** See `ChatQueries.watchReadNumbers`. */
export function createReadNumbers(sources: ReadNumberSources): (roomId: string) => Observable<ReadNumbers | null> {
  const { userId, streams, memberships, users, entries, membersIn, pace } = sources
  const hidden = users.pipe(
    map((rows) => new Set([...rows.values()].flatMap(({ id, receipts }) => (receipts === false ? [id] : [])))),
    distinctUntilChanged((a, b) => a.size === b.size && [...a].every((id) => b.has(id)))
  )
  const hidesSelf = combineLatest([users, entries]).pipe(
    map(([rows, entries]) => {
      const me = rows.get(userId)
      const own = effective(entries, me, 'users').filter((entry) => isOf(entry, 'profile.change'))
      const last = own.findLast(({ operation }) => operation.receipts !== undefined)
      return !(last?.operation.receipts ?? me?.receipts ?? true)
    }),
    distinctUntilChanged()
  )
  const watched = new Map<string, Observable<ReadNumbers | null>>()

  /** Null where there is no parent. */
  function joinedInParent(roomId: string): Observable<ReadonlySet<string> | null> {
    return memberships.pipe(
      map((rows) => rows.get(roomId)?.parentId),
      distinctUntilChanged(),
      switchMap((parentId) => (parentId === undefined ? of(null) : membersIn(parentId).pipe(map(joinedOf))))
    )
  }

  function watch(roomId: string): Observable<ReadNumbers | null> {
    const told = streams.pipe(
      // Before both streams were read once, the device does not know who is there and how far they are.
      map((rows) => (rows.get(roomStream(roomId))?.state?.checkpoint ? rows.get(readsStream(roomId)) : undefined)),
      distinctUntilChanged()
    )
    return hidesSelf.pipe(
      switchMap((hides) =>
        hides
          ? of(null)
          : combineLatest({ told, hidden, members: membersIn(roomId), inParent: joinedInParent(roomId) }).pipe(
              pace(),
              map(({ told, hidden, members, inParent }) => {
                if (!told?.state) return null
                return buildReadNumbers({
                  members: members.values(),
                  readSeq: (id) => told.marks?.[id]?.[0],
                  counts: (id) => !hidden.has(id) && (inParent?.has(id) ?? true)
                })
              })
            )
      ),
      distinctUntilChanged(),
      finalize(() => watched.delete(roomId)),
      share({ connector: () => new ReplaySubject<ReadNumbers | null>(1) })
    )
  }

  return (roomId) => {
    const known = watched.get(roomId) ?? watch(roomId)
    watched.set(roomId, known)
    return known
  }
}

function joinedOf(rows: ReadonlyMap<string, MemberRow>): ReadonlySet<string> {
  return new Set([...rows.values()].flatMap(({ userId, state }) => (state === 'joined' ? [userId] : [])))
}
