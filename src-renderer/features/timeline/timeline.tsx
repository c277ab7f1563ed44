// The messages of one room, newest at the bottom. Owns where the reader stands: nothing that comes in may move it.
import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { RefObject } from 'react'
import type { UserRecord } from '../../../protocol/records.ts'
import { leaveMessage, useMessageRoute } from '../../platform/hash-route.ts'
import { useServices } from '../../services-context.tsx'
import type { RoomSummary, ScrollPlace, TimelineItem } from '../../store/chat-store.ts'
import { errorSentence } from '../../texts/errors.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Icon } from '../../ui/icon.tsx'
import type { MenuAnchor } from '../../ui/menu-place.ts'
import { useObservable } from '../../ui/use-observable.ts'
import { Announcer } from './announcer.tsx'
import {
  firstVisible,
  lastSeen,
  useEstimates,
  useGrowth,
  useOwnMessageWritten,
  useStillReader,
  useUnseen
} from './list-view.ts'
import type { OpenMenu } from './message-menu.tsx'
import { MessageRow } from './message-row.tsx'
import { ReactionPicker } from './reaction-picker.tsx'
import { canAct, RowActionsProvider } from './row-actions.ts'
import type { RowActions } from './row-actions.ts'
import { useMarksReady } from './rich-text/use-blocks.ts'
import { ReadNumbersProvider } from './read-number-source.tsx'
import { buildRows, shownAt } from './rows.ts'
import type { TimelineRow } from './rows.ts'
import { Bottom, PlaceNote, StickyDay, Top } from './timeline-edges.tsx'
import styles from './timeline.module.css'
import { useMessageKeys } from './use-message-keys.ts'
import { readUpTo, useOpening } from './use-opening.ts'
import { useReading } from './use-reading.ts'
import { useScrollPlace } from './use-scroll-place.ts'
import { useTimeline } from './use-timeline.ts'
import type { ShownTimeline } from './use-timeline.ts'
import { later } from '../../ui/later.tsx'

const DayDialog = later(async () => (await import('./day-dialog.tsx')).DayDialog)
const DeleteDialog = later(async () => (await import('./message-menu.tsx')).DeleteDialog)
const ReadersDialog = later(async () => (await import('./readers-dialog.tsx')).ReadersDialog)
const MessageMenu = later(async () => (await import('./message-menu.tsx')).MessageMenu)

const NOBODY: ReadonlyMap<string, UserRecord> = new Map()
/** Within this distance of the end the reader is at the end, and new messages are followed. */
const AT_END_PX = 60
/** More system lines than this would lie under the words of an empty room. */
const MOST_BEFORE_TALK = 2
/** Room above the first row for what is said there; constant, so that a change of it moves nothing. */
const TOP_PX = 64
const BOTTOM_PX = 12

interface TimelineProps {
  room: RoomSummary
  /** As `useRoomShown` says. */
  place: ScrollPlace | null
  /** Is kept at the newest own message that can be edited. */
  lastOwn: RefObject<TimelineItem | null>
  /** The message that is being answered or edited: `onTarget` is told what has become of it. */
  targetId: string | undefined
  onTarget: (item: TimelineItem) => void
  onReply: (item: TimelineItem) => void
  onEdit: (item: TimelineItem) => void
  /** Esc at a message: back to writing. */
  onLeave: () => void
}

/** Give it the room's id as its key: it lives for one room. */
export function Timeline(props: TimelineProps) {
  const { queries } = useServices().store
  const users = useObservable(() => queries.watchUsers(), [queries]) ?? NOBODY
  const opening = useOpening(props.room, props.place)
  const shown = useTimeline(props.room.id, opening?.seq ?? null)
  // What is drawn first is drawn as it stays: with its marks.
  const ready = useMarksReady(shown?.timeline.items)
  if (!shown || !ready) return <div className={styles.timeline} />
  return (
    <ReadNumbersProvider roomId={props.room.id}>
      <TimelineList {...props} opening={opening} shown={shown} users={users} />
    </ReadNumbersProvider>
  )
}

interface TimelineListProps extends TimelineProps {
  /** Null: at the end. */
  opening: ScrollPlace | null
  shown: ShownTimeline
  users: ReadonlyMap<string, UserRecord>
}

function TimelineList(props: TimelineListProps) {
  const { room, place, lastOwn, targetId, onTarget, onReply, onEdit, onLeave, opening, shown, users } = props
  const texts = useTexts()
  const services = useServices()
  const { commands } = services.store
  const { items } = shown.timeline
  /** Where reading had got to when the room was opened: the divider stays there while one looks. */
  const [readSeq] = useState(() => readUpTo(room))
  const rows = useMemo(() => buildRows(items, shown.boundaries, readSeq), [items, shown.boundaries, readSeq])
  const [menu, setMenu] = useState<OpenMenu | null>(null)
  const [deleting, setDeleting] = useState<TimelineItem | null>(null)
  /** The day from which another one is chosen. */
  const [dayFrom, setDayFrom] = useState<string | null>(null)
  const [picking, setPicking] = useState<{ item: TimelineItem; anchor: MenuAnchor } | null>(null)
  const [readersOf, setReadersOf] = useState<TimelineItem | null>(null)
  const [problem, setProblem] = useState<unknown>()
  const scroller = useRef<HTMLDivElement>(null)
  /** Something was marked as unread here: it stays so until the room is opened anew, or the person says something. */
  const [keepsUnread, setKeepsUnread] = useState(false)
  const [unfolded] = useState(() => new Set<string>())
  /** Else a window further up is shown, which has no end to stand at. */
  const live = shown.bottom === 'end'
  /** Null: it is not known before the list stands where it opens. */
  const [isAtEnd, setAtEnd] = useState<boolean | null>(opening === null || null)
  const atEnd = live && isAtEnd === true
  const stick = useRef(opening === null)
  /** As `useScrollPlace` has it. */
  const endOpening = useRef<(() => void) | null>(null)
  useEffect(() => {
    services.showsEnd(atEnd ? room.id : null)
    return () => services.showsEnd(null)
  }, [services, atEnd, room.id])

  const getItemKey = useCallback((index: number) => rows[index]?.item.id ?? index, [rows])
  const estimateSize = useEstimates(rows)
  const [moved, setMoved] = useState(false)
  // oxlint-disable-next-line react/incompatible-library -- what it returns is not passed to anything that memoises by it
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey,
    estimateSize,
    ...openingAt(opening, rows, estimateSize),
    overscan: 8,
    // The list is put at its place when it opens, and told of it in the frame that shows it, where nothing is to be drawn anew.
    useFlushSync: moved,
    paddingStart: TOP_PX,
    paddingEnd: live ? BOTTOM_PX : TOP_PX,
    anchorTo: 'end',
    followOnAppend: live,
    // Who is not at the end is not kept there by the list either.
    scrollEndThreshold: live && atEnd ? AT_END_PX : -1
  })

  const growing = useStillReader(virtualizer)
  const { toNewest, reach, leavePlace } = shown
  const goToEnd = useCallback(() => {
    stick.current = true
    if (live) virtualizer.scrollToEnd()
    else toNewest()
  }, [live, toNewest, virtualizer])
  useOwnMessageWritten(rows, room.last, live, () => {
    endOpening.current?.()
    stick.current = true
    setKeepsUnread(false)
    if (!live) toNewest()
  })

  // Whatever changed in the list: who was at the end stays at the end.
  useLayoutEffect(() => {
    if (live && stick.current && rows.length > 0) virtualizer.scrollToEnd()
  }, [live, rows, virtualizer])

  useEffect(() => {
    const element = scroller.current
    if (!element) return
    // The composer grows, the window shrinks, a keyboard rises.
    const observer = new ResizeObserver(() => {
      if (live && stick.current) virtualizer.scrollToEnd()
    })
    // The browser would scroll to where it believes the end to be before the rows on the way are measured.
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'End' || event.target !== element) return
      event.preventDefault()
      goToEnd()
    }
    observer.observe(element)
    element.addEventListener('keydown', onKeyDown)
    return () => {
      observer.disconnect()
      element.removeEventListener('keydown', onKeyDown)
    }
  }, [live, goToEnd, virtualizer])

  const look = useCallback(() => {
    const element = scroller.current
    if (!element) return
    const reached = live && element.scrollHeight - element.clientHeight - element.scrollTop <= AT_END_PX
    // On the way to the newest messages the wish to be there stays.
    if (live) stick.current = reached
    setAtEnd(reached)
  }, [live])
  const keepPlace = useScrollPlace({
    roomId: room.id,
    opening,
    toDivider: place === null,
    rows,
    scroller,
    virtualizer,
    onOpened: look,
    endOpeningRef: endOpening
  })
  const onScroll = () => {
    setMoved(true)
    look()
    keepPlace(live && stick.current)
  }

  useGrowth(shown, virtualizer)
  useEffect(() => {
    lastOwn.current = (live && rows.findLast(({ item }) => item.own && canAct(item))?.item) || null
  }, [live, rows, lastOwn])
  const target = targetId === undefined ? undefined : items.find(({ id }) => id === targetId)
  useEffect(() => {
    if (target) onTarget(target)
  }, [target, onTarget])
  // A window further up says nothing of what is between it and what was read.
  const follows = live || shown.from <= room.readSeq + 1
  useReading(room.id, lastSeen(virtualizer, rows), keepsUnread || !follows)

  const keys = useMessageKeys({ rows, scroller, virtualizer, onLeave, reach })
  const { pointOut, reached } = keys
  const react = useCallback(
    (item: TimelineItem, emoji: string, set: boolean) => {
      setProblem(undefined)
      commands.setReaction(item.roomId, item.id, emoji, set).catch(setProblem)
    },
    [commands]
  )
  const actions = useMemo<RowActions>(
    () => ({
      joined: room.joined,
      openMenu: (item, anchor, part) => setMenu({ item, anchor, part }),
      reply: onReply,
      react,
      show: (place) => {
        stick.current = false
        pointOut(place)
      },
      showReaders: setReadersOf,
      focused: reached,
      goToDay: setDayFrom,
      unfolded,
      willGrow: ({ id }) => {
        growing.current = id
        stick.current = false
        setAtEnd(false)
      }
    }),
    [room.joined, onReply, react, pointOut, reached, unfolded, growing]
  )

  const linkedSeq = useMessageRoute(room.id)
  useEffect(() => {
    if (linkedSeq === null) return
    endOpening.current?.()
    stick.current = false
    // After the composer, which takes the focus when all of the room is drawn.
    queueMicrotask(() => pointOut({ id: null, seq: linkedSeq }))
    leaveMessage()
  }, [linkedSeq, pointOut])

  const unseen = useUnseen(rows, atEnd, live ? null : shown.timeline.headSeq)
  const virtualItems = virtualizer.getVirtualItems()
  return (
    <div className={styles.timeline}>
      {/* A scrolling region has to be reachable by keyboard. */}
      <div
        ref={scroller}
        className={styles.scroller}
        role="log"
        aria-live="off"
        aria-label={texts.timeline.label(room.name)}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        onScroll={onScroll}
      >
        <div className={styles.column} style={{ height: virtualizer.getTotalSize() }}>
          <Top shown={shown} />
          <Bottom shown={shown} />
          <RowActionsProvider value={actions}>
            {virtualItems.map(({ index, key, start }) => {
              const row = rows[index]
              return (
                row && (
                  <div
                    key={key}
                    ref={virtualizer.measureElement}
                    data-index={index}
                    data-testid="timeline-row"
                    className={styles.row}
                    style={{ transform: `translateY(${start}px)` }}
                  >
                    <MessageRow
                      row={row}
                      users={users}
                      reachable={row.item.id === keys.reachableId}
                      shown={row.item.id === keys.shownId}
                    />
                  </div>
                )
              )
            })}
          </RowActionsProvider>
        </div>
      </div>
      {rows.length <= MOST_BEFORE_TALK &&
        rows.every(({ item }) => item.kind === 'system') &&
        shown.top === 'beginning' && (
          <div className={styles.empty}>
            <Empty title={texts.timeline.empty} />
          </div>
        )}
      <StickyDay row={virtualizer.isScrolling ? firstVisible(virtualizer, rows) : undefined} />
      <PlaceNote shown={shown} />
      {isAtEnd !== null && !atEnd && (
        <button
          type="button"
          className={styles.pill}
          data-new={unseen > 0}
          aria-label={unseen > 0 ? texts.timeline.newMessages(unseen) : texts.timeline.toEnd}
          onClick={() => {
            leavePlace()
            goToEnd()
          }}
        >
          {unseen > 0 && <span>{texts.timeline.newMessages(unseen)}</span>}
          <Icon name="down" size={18} />
        </button>
      )}
      {menu && (
        <MessageMenu
          {...menu}
          joined={room.joined}
          onClose={() => setMenu(null)}
          onReply={onReply}
          onEdit={onEdit}
          onDelete={setDeleting}
          onReact={react}
          onMoreReactions={(item, anchor) => setPicking({ item, anchor })}
          onGoToDay={(item) => setDayFrom(shownAt(item))}
          onReaders={setReadersOf}
          onMarkUnread={({ seq }) => {
            setProblem(undefined)
            if (seq === null) return
            setKeepsUnread(true)
            commands.markUnread(room.id, seq).catch(setProblem)
          }}
        />
      )}
      {picking && (
        <ReactionPicker item={picking.item} anchor={picking.anchor} onReact={react} onClose={() => setPicking(null)} />
      )}
      {dayFrom !== null && (
        <DayDialog
          roomId={room.id}
          headSeq={shown.timeline.headSeq}
          at={dayFrom}
          onClose={() => setDayFrom(null)}
          onFound={(seq) => {
            setDayFrom(null)
            stick.current = false
            pointOut({ id: null, seq })
          }}
        />
      )}
      {readersOf && <ReadersDialog item={readersOf} onClose={() => setReadersOf(null)} />}
      {deleting && <DeleteDialog item={deleting} onClose={() => setDeleting(null)} />}
      <div role="alert" className={styles.problem}>
        {problem !== undefined && (
          <>
            <p>{errorSentence(texts, problem)}</p>
            <IconButton icon="close" label={texts.close} onClick={() => setProblem(undefined)} />
          </>
        )}
      </div>
      <Announcer rows={rows} users={users} />
    </div>
  )
}

/** A room that opens at its end is laid out there from the first: no rows are drawn that nobody will see. */
function openingAt(opening: ScrollPlace | null, rows: readonly TimelineRow[], sizeOf: (index: number) => number) {
  if (opening !== null) return {}
  const height = window.innerHeight
  const initialOffset = (): number =>
    Math.max(0, rows.reduce((sum, _, index) => sum + sizeOf(index), TOP_PX + BOTTOM_PX) - height)
  return { initialRect: { width: 0, height }, initialOffset }
}
