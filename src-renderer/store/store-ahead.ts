// A store before it is open: what is asked of it is answered by the rows of the open room as they lie on the disk, until the real store answers;
// what is told to it waits for the real one. Knows no query and no command by name, but for the few that make up the first page.
import { NEVER, Observable, of } from 'rxjs'
import type { Subscription } from 'rxjs'
import { createChatQueries } from './chat-queries.ts'
import type { ChatCommands, ChatQueries, ChatStore, Known } from './chat-store.ts'
import type { FirstRows } from './first-rows.ts'
import { Outbox } from './outbox.ts'

/** They are asked of one room, or of users: of these the first rows have all. */
const FIRST_PAGE: ReadonlySet<string> = new Set<keyof ChatQueries>([
  'watchRoomDetails',
  'watchHeld',
  'watchTimeline',
  'watchMembers',
  'watchUsers',
  'loadDraft',
  'loadScroll',
  'loadEdit'
])
/** With the room as first argument. */
const OF_EVERYBODY: ReadonlySet<string> = new Set<keyof ChatQueries>(['watchUsers'])

type Query = (...args: unknown[]) => Known<unknown> & Promise<unknown>

/** A query by its name: an observable of `watch…`, a promise of `load…`. */
function called(queries: ChatQueries, name: string, args: unknown[]): ReturnType<Query> {
  const query = (queries as unknown as Record<string, Query>)[name]
  if (!query) throw new Error(`there is no query ${name}`)
  return query(...args)
}

/** @param opening the real store; if it rejects, commands and `load…` do, and what is watched stays as it is */
export function storeAhead(
  rows: FirstRows,
  { userId, roomId }: { userId: string; roomId: string },
  opening: Promise<ChatStore>
): ChatStore {
  let real: ChatStore | null = null
  const opened = opening.then((store) => {
    real = store
    return store
  })
  opened.catch(() => undefined)
  const first = createChatQueries({
    userId,
    records: rows.records,
    own: rows.own,
    outbox: new Outbox(rows.own.outbox, Date.now),
    storageState: of('ok'),
    urgent: NEVER,
    paceMs: 0,
    countFirst: true
  })
  const isKnown = (name: string, [room]: unknown[]): boolean =>
    FIRST_PAGE.has(name) && (OF_EVERYBODY.has(name) || room === roomId)

  const latest = (name: string, args: unknown[]): { value: unknown } | undefined => {
    const answering = real ? real.queries : isKnown(name, args) ? first : undefined
    return answering && called(answering, name, args).latest?.()
  }
  const watch = (name: string, args: unknown[]): Known<unknown> => {
    if (real) return called(real.queries, name, args)
    const told = new Observable((subscriber) => {
      if (real) return called(real.queries, name, args).subscribe(subscriber)
      let late: Subscription | undefined
      const early = isKnown(name, args) ? called(first, name, args) : NEVER
      const telling = early.subscribe({
        next: (value) => subscriber.next(value),
        // What the disk would not tell, the real store will.
        error: () => undefined
      })
      opened.then(
        (store) => {
          if (subscriber.closed) return
          late = called(store.queries, name, args).subscribe({
            next: (value) => {
              telling.unsubscribe()
              subscriber.next(value)
            },
            error: (error: unknown) => subscriber.error(error),
            complete: () => subscriber.complete()
          })
          // Whoever wants one value has it already.
          if (subscriber.closed) late.unsubscribe()
        },
        () => undefined // whoever opens it tells the person
      )
      return () => {
        telling.unsubscribe()
        late?.unsubscribe()
      }
    })
    return Object.assign(told, { latest: () => latest(name, args) })
  }
  const load = async (name: string, args: unknown[]): Promise<unknown> =>
    called(real === null && isKnown(name, args) ? first : (await opened).queries, name, args)

  return {
    queries: byName((name, args) => (name.startsWith('watch') ? watch(name, args) : load(name, args))) as ChatQueries,
    commands: whenThere<ChatCommands>(opened.then(({ commands }) => commands))
  }
}

/** The methods of what is to come: each call waits for it, in the order of the calls. Only for what has nothing but asynchronous methods. */
export function whenThere<T extends object>(coming: Promise<T>): T {
  coming.catch(() => undefined)
  return byName(async (name, args) => {
    const there = (await coming) as Record<string, (...args: unknown[]) => unknown>
    return there[name]?.(...args)
  }) as T
}

/** An object whose every method is the same function of its name. A method is the same object each time. */
function byName(call: (name: string, args: unknown[]) => unknown): object {
  const methods = new Map<string, (...args: unknown[]) => unknown>()
  const get = (_: object, name: string | symbol): unknown => {
    if (typeof name === 'symbol' || name === 'then') return undefined
    const method = methods.get(name) ?? ((...args: unknown[]) => call(name, args))
    methods.set(name, method)
    return method
  }
  return new Proxy({}, { get })
}
