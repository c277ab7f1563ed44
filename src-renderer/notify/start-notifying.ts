// Decides what is notified, once each, and takes it back when it was read: from what the store says is new to what the notifier shows. One window
// of a person runs this. The rules are in rules.ts, the words in wording.ts; what is shown stands in told.ts.
import type { Observable } from 'rxjs'
import type { Clock } from '../connection/clock.ts'
import type { Notifier } from '../platform/notifier.ts'
import type { NotifySettings } from '../platform/notify-settings.ts'
import type { NewMessage, NewsStore, RoomNews } from '../store/news.ts'
import type { Texts } from '../texts/texts.ts'
import { folded } from './keywords.ts'
import { isMutedNow, isQuietHour, whyTold } from './rules.ts'
import { createTold } from './told.ts'
import type { Telling } from './told.ts'

/** What comes within this time is looked at together. */
export const GATHER_MS = 300
/** Of one room no more than one notification in this time: what comes meanwhile makes it count up. */
export const ROOM_RESTS_MS = 2_000
/** Before the device is in step with the relay it may not know yet what was read elsewhere: it waits for that, but not longer. */
export const STEP_PATIENCE_MS = 5_000
/** The store may fail once; what is due is tried again after this time. */
const RETRY_MS = 3_000

export interface NotifyParts {
  news: NewsStore
  /** Whether the device has everything that the relay has. */
  inStep: Observable<boolean>
  settings: Observable<NotifySettings>
  /** The person is not to be disturbed, on no device [S14.3]. */
  dnd: Observable<boolean>
  /** Whether somebody is looking at the newest messages of this room, here or in another window. */
  isOnScreen: (roomId: string) => boolean
  notifier: Pick<Notifier, 'show' | 'withdraw' | 'shown'>
  playSound: () => void
  /** In the language of the moment. */
  texts: () => Texts
  clock: Clock
  onProblem: (problem: unknown) => void
}

/** Returns its end: nothing is shown any more after it; what is shown stays. */
export function startNotifying(parts: NotifyParts): () => void {
  const { news, clock, onProblem } = parts
  const due = new Set<string>()
  const restsUntil = new Map<string, number>()
  let [inStep, dnd, begun, stopped] = [false, false, false, false]
  let settings: NotifySettings | undefined
  let keywords: readonly string[] = []
  let running = false
  let firstDueMs: number | null = null
  let timer: { atMs: number; cancel: () => void } | null = null
  const told = createTold({
    notifier: parts.notifier,
    texts: parts.texts,
    clock,
    words: () => settings?.words ?? 'nothing',
    alerted: () => {
      if (settings?.sound) parts.playSound()
    },
    onProblem
  })

  /** Works in `ms`, or before that. */
  function wake(ms: number): void {
    const atMs = clock.now() + ms
    if (stopped || running || (timer !== null && timer.atMs <= atMs)) return
    timer?.cancel()
    const cancel = clock.after(ms, () => {
      timer = null
      void run()
    })
    timer = { atMs, cancel }
  }

  function touch(roomIds: readonly string[]): void {
    if (roomIds.length === 0) return
    firstDueMs ??= clock.now()
    for (const roomId of roomIds) due.add(roomId)
    wake(GATHER_MS)
  }

  async function run(): Promise<void> {
    if (running || stopped || settings === undefined) return
    running = true
    let nextMs: number | null = null
    try {
      nextMs = await work()
    } catch (error) {
      // The store may have been closed under it.
      if (stopped) return
      onProblem(error)
      nextMs = RETRY_MS
    }
    running = false
    if (nextMs !== null || (begun && due.size > 0)) wake(nextMs ?? GATHER_MS)
  }

  /** Resolves with when to work again; null when nothing is due. */
  async function work(): Promise<number | null> {
    begun ||= await news.hasBegun()
    if (!begun) {
      if (!inStep) return null
      // What is there on a new device is not new.
      await news.begin()
      begun = true
    }
    if (due.size === 0) return null
    if (!inStep && clock.now() - (firstDueMs ?? 0) < STEP_PATIENCE_MS) return GATHER_MS
    const now = clock.now()
    const asked = [...due]
    due.clear()
    firstDueMs = null
    try {
      const rooms = await news.look(asked)
      for (const room of rooms) await told.settle(room)
      const resting = rooms.filter(({ shownIn, from, head }) => from < head && (restsUntil.get(shownIn) ?? 0) > now)
      for (const { roomId } of resting) due.add(roomId)
      await tell(rooms.filter((room) => room.from !== room.head && !resting.includes(room)))
    } catch (error) {
      touch(asked)
      throw error
    }
    if (due.size === 0) return null
    const ends = [...restsUntil.values()].filter((until) => until > now)
    return Math.max(GATHER_MS, Math.min(...ends, now + ROOM_RESTS_MS) - now)
  }

  /** The mark is on the disk before anything is shown: after a kill rather nothing than twice. */
  async function tell(rooms: readonly RoomNews[]): Promise<void> {
    if (rooms.length === 0) return
    const moved = await news.advance(rooms)
    if (stopped || isSilent()) return
    const telling = rooms.flatMap((room) => {
      const from = moved.get(room.roomId)
      return from === undefined || parts.isOnScreen(room.shownIn) ? [] : (tellingOf({ ...room, from }) ?? [])
    })
    for (const each of telling) restsUntil.set(each.room.shownIn, clock.now() + ROOM_RESTS_MS)
    for (const [roomId, until] of restsUntil) if (until <= clock.now()) restsUntil.delete(roomId)
    await told.tell(telling)
  }

  function isSilent(): boolean {
    return !settings?.on || dnd || isQuietHour(settings.quiet, new Date(clock.now()))
  }

  function tellingOf(room: RoomNews): Telling | null {
    const now = clock.now()
    const told = room.messages.flatMap((message) => {
      const why = whyTold(message, room, keywords, now)
      return why === null ? [] : { message, why }
    })
    // Of what is not on the device it is not known whether it concerns somebody who has muted the room.
    const missing = room.joined && !isMutedNow(room, now) ? room.missing : 0
    const [first, newest] = [told[0], told.at(-1)]
    if (told.length + missing === 0) return null
    const seen = newest && { id: newest.message.id, ...wordsOf(newest.message), why: newest.why }
    return { room, newest: seen ?? null, firstSeq: first ? placeOf(first.message) : null, count: told.length + missing }
  }

  const subscriptions = [
    parts.settings.subscribe((now) => {
      const showsOther = settings !== undefined && settings.words !== now.words
      settings = now
      keywords = now.keywords.map(folded)
      // What is hidden from now on does not stay on the screen.
      if (!now.on || showsOther) told.withdrawAll().catch(onProblem)
    }),
    parts.dnd.subscribe((now) => (dnd = now)),
    news.touched.subscribe(touch),
    news.deleted.subscribe((ids) => {
      told.forget(ids).catch(onProblem)
    }),
    parts.inStep.subscribe((now) => {
      inStep = now
      if (now) wake(GATHER_MS)
    })
  ]
  async function start(): Promise<void> {
    await told.restore()
    touch([...told.rooms(), ...(await news.behind())])
  }
  start().catch((error: unknown) => {
    if (!stopped) onProblem(error)
  })

  return () => {
    stopped = true
    timer?.cancel()
    for (const each of subscriptions) each.unsubscribe()
  }
}

function wordsOf({ authorName, body, anchorSeq }: NewMessage): { authorName: string; body: string; aside: boolean } {
  return { authorName, body, aside: anchorSeq !== undefined }
}

/** [S11.5] What was said aside stands behind a message of the room. */
function placeOf({ seq, anchorSeq }: NewMessage): number | null {
  if (anchorSeq === undefined) return seq
  return anchorSeq > 0 ? anchorSeq : null
}
