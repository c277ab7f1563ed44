// Which room is on the screen: the one that was chosen, as soon as the device has told what there is to draw of it. Knows no look.
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import {
  catchError,
  combineLatest,
  defer,
  distinctUntilChanged,
  filter,
  finalize,
  firstValueFrom,
  from,
  map,
  merge,
  of
} from 'rxjs'
import { ReplaySubject, share, skip, startWith, switchMap, takeUntil, timeout, timer } from 'rxjs'
import type { Observable, Subscription } from 'rxjs'
import { roomOfHash } from '../../platform/room-hash.ts'
import { useServices } from '../../services-context.tsx'
import type { ChatQueries, RoomDetails, ScrollPlace, Timeline } from '../../store/chat-store.ts'
import { firstUnread, readUpTo } from './use-opening.ts'
import { shownFrom, shownTo, viewOfHeld } from './view.ts'

/** So long at most the room before stays: an empty one in between would be a frame that shows nothing, and what the disk answers would wait for it. */
const PATIENCE_MS = 50
/** So long at most the first screen waits for its room: the rest of it is something to see. */
const FIRST_PATIENCE_MS = 150
/** So long, from when they were asked for, the messages are kept for whoever draws them. */
const KEPT_FOR_MS = 2_000
/** Whatever a person does next is meant for the room that was chosen. */
const NEXT = ['keydown', 'pointerdown', 'beforeinput', 'paste'] as const

export interface RoomShown {
  /** Null: none. */
  roomId: string | null
  /** Where the person was reading: null when they were at the end, undefined until the device has told. */
  place: ScrollPlace | null | undefined
}

/** The room on the screen, and the one that may be chosen next: whoever draws it unseen has it ready. */
export interface RoomsShown {
  front: RoomShown
  next: (RoomShown & { roomId: string }) | null
}

/**
 * @param chosen null: none
 * @param prepared as `prepareRoom` gave it: what is drawn first
 */
export function useRoomShown(chosen: string | null, prepared?: RoomShown): RoomsShown {
  const { queries } = useServices().store
  const preparedPlace = prepared?.roomId === chosen ? prepared.place : undefined
  const [shown, setShown] = useState<RoomShown>({ roomId: chosen, place: preparedPlace })
  /** Of the first room alone: whoever comes back to it may have read on. */
  const firstPlace = useRef(preparedPlace)
  const front = useRef(chosen)
  const [next, setNext] = useState<RoomsShown['next']>(null)
  const takePressed = usePressed(queries, setNext)
  useLayoutEffect(() => {
    let place: RoomShown['place'] = firstPlace.current
    firstPlace.current = undefined
    let over = false
    const show = (): void => {
      if (over) return
      stopWaiting()
      const put = (): void => {
        setShown((before) =>
          before.roomId === chosen && isSame(before.place, place) ? before : { roomId: chosen, place }
        )
        setNext(null)
      }
      // In one go, with all that it shows: else the browser draws in between. At a start there is nothing before, and what is there first shows first.
      if (front.current === chosen) put()
      else flushSync(put)
      front.current = chosen
    }
    const waits = front.current !== null && front.current !== chosen
    const patience = waits ? setTimeout(show, PATIENCE_MS) : undefined
    for (const type of NEXT) if (waits) window.addEventListener(type, show, true)
    const stopWaiting = (): void => {
      clearTimeout(patience)
      for (const type of NEXT) window.removeEventListener(type, show, true)
    }
    // Not while something else is being drawn.
    const showSoon = (): void => queueMicrotask(show)
    // Where there was no room, there is nothing to stay: the page of the owner, or a door.
    if (front.current === null && chosen !== null) showSoon()
    const ahead = takePressed(chosen) ?? aheadOf(queries, chosen)
    const asking = ahead.subscribe({
      next: (told) => {
        place = told.place
        if (told.ready || front.current === chosen) showSoon()
      },
      // What cannot be read is told by who draws it.
      error: showSoon
    })
    return () => {
      over = true
      stopWaiting()
      asking.unsubscribe()
    }
  }, [queries, chosen, takePressed])
  return { front: shown, next: next?.roomId === shown.roomId ? null : next }
}

/**
 * For the first screen: resolves when all that the room is drawn with is known to whoever draws it soon, so that it is drawn once, or after a moment
 * with what there is.
 */
export async function prepareRoom(queries: ChatQueries, roomId: string): Promise<RoomShown> {
  const all = combineLatest([aheadOf(queries, roomId), queries.watchUsers(), queries.watchMembers(roomId)]).pipe(
    share({ connector: () => new ReplaySubject(1) })
  )
  // It stays looked at until then. What cannot be read is told by who draws it.
  all.pipe(takeUntil(timer(KEPT_FOR_MS))).subscribe({ error: () => undefined })
  const none = of([{ place: undefined }] as const)
  const [{ place }] = await firstValueFrom(
    all.pipe(
      filter(([{ ready }]) => ready),
      timeout({ first: FIRST_PATIENCE_MS, with: () => none }),
      catchError(() => none)
    )
  )
  return { roomId, place }
}

function isSame(a: RoomShown['place'], b: RoomShown['place']): boolean {
  return a === b || (!!a && !!b && a.seq === b.seq && a.offset === b.offset)
}

interface Pressed {
  roomId: string
  ahead: Observable<Ahead>
}

/**
 * A press on a link to a room is about to choose it: what it needs is asked for before the button is up again. Returns what hands that out, once: later it
 * would tell of a place that is left.
 * @param onReady told when there is something to draw of it, and null when it was not chosen
 */
function usePressed(
  queries: ChatQueries,
  onReady: (next: RoomsShown['next']) => void
): (roomId: string | null) => Observable<Ahead> | null {
  const pressed = useRef<Pressed | null>(null)
  useEffect(() => {
    let asking: Subscription | undefined
    const press = (event: PointerEvent): void => {
      const link = event.target instanceof Element ? event.target.closest('a') : null
      const roomId = link && roomOfHash(link.hash)
      const opens = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey
      if (!opens || roomId === null || roomId === roomOfHash(window.location.hash)) return
      asking?.unsubscribe()
      const ahead = aheadOf(queries, roomId).pipe(share({ connector: () => new ReplaySubject<Ahead>(1) }))
      pressed.current = { roomId, ahead }
      // A finger may be about to scroll: nothing is drawn for it.
      const draws = event.pointerType !== 'touch'
      asking = ahead
        .pipe(
          takeUntil(merge(timer(KEPT_FOR_MS), opensElsewhere(queries, roomId))),
          finalize(() => {
            pressed.current = null
            onReady(null)
          })
        )
        .subscribe({
          next: ({ place, ready }) => draws && ready && pressed.current !== null && onReady({ roomId, place }),
          // What cannot be read is told by who draws it.
          error: () => undefined
        })
    }
    window.addEventListener('pointerdown', press, true)
    return () => {
      window.removeEventListener('pointerdown', press, true)
      asking?.unsubscribe()
      pressed.current = null
    }
  }, [queries, onReady])
  return useCallback((roomId) => {
    const taken = pressed.current
    pressed.current = null
    return taken !== null && taken.roomId === roomId ? taken.ahead : null
  }, [])
}

/** Emits when what was read of a room has changed: it has to be drawn anew, with its divider and at its place. */
function opensElsewhere(queries: ChatQueries, roomId: string): Observable<unknown> {
  return queries.watchRoomDetails(roomId).pipe(
    map((room) => room && readUpTo(room)),
    distinctUntilChanged(),
    skip(1)
  )
}

interface Ahead {
  place: ScrollPlace | null | undefined
  /** There is something to draw. */
  ready: boolean
}

/** Asks for all at once, and for the place anew when a room that was gone is back. */
function aheadOf(queries: ChatQueries, roomId: string | null): Observable<Ahead> {
  const none = of<Ahead>({ place: undefined, ready: true })
  if (roomId === null) return none
  const load = async (): Promise<ScrollPlace | null> => queries.loadScroll(roomId)
  let first: Promise<ScrollPlace | null> | undefined = load()
  // Nobody may want it in the end.
  first.catch(() => undefined)
  const placeOnce = defer(() => {
    const place = first ?? load()
    first = undefined
    return from(place)
    // A place to read is no reason not to open the room.
  }).pipe(catchError(() => of(null)))
  const opened = (room: RoomDetails): Observable<Ahead> =>
    placeOnce.pipe(
      switchMap((place) =>
        messagesAt(queries, roomId, place ?? firstUnread(room)).pipe(
          map(() => ({ place, ready: true })),
          startWith({ place, ready: false })
        )
      ),
      distinctUntilChanged((a, b) => a.ready === b.ready && a.place === b.place)
    )
  return queries.watchRoomDetails(roomId).pipe(
    distinctUntilChanged((a, b) => (a === null) === (b === null)),
    switchMap((room) => (room === null ? none : opened(room)))
  )
}

/** What the room opens with. */
function messagesAt(queries: ChatQueries, roomId: string, place: ScrollPlace | null): Observable<Timeline> {
  return queries.watchHeld(roomId).pipe(
    // The first alone; it stays looked at, so that it is known to who draws.
    distinctUntilChanged(() => true),
    switchMap((held) => {
      const view = viewOfHeld(null, held, place?.seq ?? null)
      return queries.watchTimeline(roomId, shownFrom(view), shownTo(view))
    }),
    takeUntil(timer(KEPT_FOR_MS))
  )
}
