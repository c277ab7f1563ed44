// The notifications that are on the screen: one a room, counting up, many rooms in one, and gone when what they tell of was read. Decides nothing
// about who is told of what.
import type { Clock } from '../connection/clock.ts'
import type { Notice, NoticePlace } from '../platform/bridge.ts'
import type { Notifier } from '../platform/notifier.ts'
import type { NotifySettings } from '../platform/notify-settings.ts'
import type { RoomNews } from '../store/news.ts'
import type { Texts } from '../texts/texts.ts'
import type { Why } from './rules.ts'
import { wordMore, wordNotice } from './wording.ts'

/** A room that goes on being talked in calls for attention anew no sooner than this. */
export const ALERT_AGAIN_MS = 15_000
/** So many rooms get a notification of their own in `ROOMS_WITHIN_MS`; the others share one. */
export const MOST_ROOMS = 5
export const ROOMS_WITHIN_MS = 10_000
/** No room's id. */
export const MORE_TAG = 'more'

/** What is to be told of one room, or one aside of it. */
export interface Telling {
  room: RoomNews
  newest: { id: string; authorName: string; body: string; why: Why; aside: boolean } | null
  /** Where the first of it stands in the room; null where it is not known. */
  firstSeq: number | null
  count: number
}

interface Shown {
  count: number
  place: NoticePlace
  covers: Map<string, number>
  alertedMs: number
  /** The message whose words are on the screen. */
  wordsOf: string | null
  /** It has no notification of its own. */
  inMore: boolean
  room: Pick<RoomNews, 'kind' | 'name'>
}

export interface Told {
  /** What an earlier run has left on the screen. */
  restore(): Promise<void>
  /** Ids of the rooms and asides that something on the screen tells of. */
  rooms(): readonly string[]
  tell(tellings: readonly Telling[]): Promise<void>
  /** Withdraws what was read, or is not this person's any more. */
  settle(room: Pick<RoomNews, 'roomId' | 'shownIn' | 'readSeq' | 'joined'>): Promise<void>
  /** Words that were deleted leave the screen. */
  forget(messageIds: readonly string[]): Promise<void>
  withdrawAll(): Promise<void>
}

export function createTold(parts: {
  notifier: Pick<Notifier, 'show' | 'withdraw' | 'shown'>
  texts: () => Texts
  clock: Clock
  words: () => NotifySettings['words']
  /** Something called for attention. */
  alerted: () => void
  onProblem: (problem: unknown) => void
}): Told {
  const { notifier, texts, clock } = parts
  /** By room, asides with their room. */
  const shown = new Map<string, Shown>()
  /** When rooms got a notification of their own, the last ones. */
  let opened: number[] = []

  const more = (): Shown[] => [...shown.values()].filter(({ inMore }) => inMore)

  /** One that the system refuses is told, and does not keep the others back. */
  async function show(notice: Notice): Promise<void> {
    try {
      await notifier.show(notice)
    } catch (error) {
      parts.onProblem(error)
    }
  }

  async function showMore(alert: boolean): Promise<void> {
    const rooms = more()
    if (rooms.length === 0) {
      await notifier.withdraw(MORE_TAG)
      return
    }
    const count = rooms.reduce((sum, each) => sum + each.count, 0)
    const covers = Object.fromEntries(rooms.flatMap((each) => [...each.covers]))
    const words = wordMore(texts(), rooms.length, count)
    await show({ tag: MORE_TAG, ...words, place: null, covers, count, alert, mayReply: false })
  }

  async function remove(roomId: string): Promise<void> {
    const { inMore } = shown.get(roomId) ?? {}
    shown.delete(roomId)
    if (inMore) await showMore(false)
    else await notifier.withdraw(roomId)
  }

  function noticeOf(
    tag: string,
    { room, count, place, covers }: Shown,
    newest: Telling['newest'],
    alert: boolean
  ): Notice {
    const words = wordNotice(texts(), parts.words(), { room, newest, count })
    // [S11.5] An answer goes to the room: not to what was said to some of it, and not to who knows where.
    const mayReply = parts.words() !== 'nothing' && [...covers.keys()].every((roomId) => roomId === place.roomId)
    return { tag, ...words, place, covers: Object.fromEntries(covers), count, alert, mayReply }
  }

  /** Puts together what is shown of a room already and what is new. */
  function joined({ room, newest, firstSeq, count }: Telling): Shown {
    const before = shown.get(room.shownIn)
    const covers = new Map(before?.covers).set(room.roomId, room.head)
    return {
      count: (before?.count ?? 0) + count,
      place: before?.place ?? { roomId: room.shownIn, seq: firstSeq },
      covers,
      alertedMs: before?.alertedMs ?? -Infinity,
      wordsOf: parts.words() === 'text' ? (newest?.id ?? null) : null,
      inMore: before?.inMore ?? false,
      room
    }
  }

  return {
    rooms: () => [...shown.values()].flatMap(({ covers }) => [...covers.keys()]),

    async restore() {
      for (const { tag, covers, count, place } of await notifier.shown()) {
        // Which room had how much of what was told of many at once is not known any more, and the list of rooms says it.
        if (place === null) await notifier.withdraw(tag)
        else {
          const rest = {
            alertedMs: -Infinity,
            wordsOf: null,
            inMore: false,
            room: { kind: 'group', name: '' }
          } as const
          shown.set(tag, { count, place, covers: new Map(Object.entries(covers)), ...rest })
        }
      }
    },

    async tell(tellings) {
      const now = clock.now()
      opened = opened.filter((at) => at > now - ROOMS_WITHIN_MS)
      let [alerts, isMore] = [false, false]
      for (const telling of tellings.toSorted(concerningFirst)) {
        const tag = telling.room.shownIn
        const isNew = !shown.has(tag)
        const next = joined(telling)
        if (isNew) next.inMore = opened.length >= MOST_ROOMS
        const alert = now - next.alertedMs >= ALERT_AGAIN_MS
        if (alert) next.alertedMs = now
        shown.set(tag, next)
        alerts ||= alert
        if (next.inMore) isMore = true
        else {
          if (isNew) opened.push(now)
          await show(noticeOf(tag, next, telling.newest, alert))
        }
      }
      if (isMore) await showMore(false)
      if (alerts) parts.alerted()
    },

    async settle({ roomId, shownIn, readSeq, joined }) {
      const now = shown.get(shownIn)
      const upTo = now?.covers.get(roomId)
      if (now === undefined || upTo === undefined || (joined && readSeq < upTo)) return
      now.covers.delete(roomId)
      if (now.covers.size === 0) await remove(shownIn)
    },

    async forget(messageIds) {
      const gone = new Set(messageIds)
      for (const [tag, each] of shown) {
        if (each.wordsOf === null || !gone.has(each.wordsOf)) continue
        each.wordsOf = null
        each.count -= 1
        if (each.count === 0) await remove(tag)
        else if (!each.inMore) await show(noticeOf(tag, each, null, false))
      }
    },

    async withdrawAll() {
      const tags = [...shown.keys(), MORE_TAG]
      shown.clear()
      for (const tag of tags) await notifier.withdraw(tag)
    }
  }
}

/** What calls the person by name comes before what is said to all. */
function concerningFirst(a: Telling, b: Telling): number {
  return Number(a.newest?.why === 'message') - Number(b.newest?.why === 'message')
}
