// The list of rooms: pinned ones first, then by latest activity; all of them or those with something unread. Draws only what is in view.
import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useMemo, useRef, useState } from 'react'
import type { KeyboardEvent } from 'react'
import type { UserRecord } from '../../../protocol/records.ts'
import { useNow } from '../../platform/use-now.ts'
import { useServices } from '../../services-context.tsx'
import { isMuted } from '../../store/chat-store.ts'
import type { RoomSummary } from '../../store/chat-store.ts'
import { roomTitle } from '../../texts/room-title.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { Empty } from '../../ui/empty.tsx'
import type { MenuAnchor } from '../../ui/menu.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import { hasUnread, inOrder, previewOf } from './preview.ts'
import styles from './room-list.module.css'
import { RoomRow } from './room-row.tsx'
import { later } from '../../ui/later.tsx'

const RoomActs = later(async () => (await import('./room-acts.tsx')).RoomActs)

const CLOCK_EVERY_MS = 60_000
const NOBODY: ReadonlyMap<string, UserRecord> = new Map()
/** A shorter list is drawn as a whole. */
const WINDOWED_FROM = 60
const ROW_PX = 66

interface RoomListProps {
  currentRoomId: string | null
  /** For who has no room yet. */
  onNewRoom: () => void
}

export function RoomList({ currentRoomId, onNewRoom }: RoomListProps) {
  const texts = useTexts()
  const { me, store } = useServices()
  const rooms = useObservable(() => store.queries.watchRooms(), [store])
  const users = useObservable(() => store.queries.watchUsers(), [store]) ?? NOBODY
  const now = useNow(CLOCK_EVERY_MS)
  const scroller = useRef<HTMLDivElement>(null)
  const [which, setWhich] = useState<'all' | 'unread'>('all')
  const [acting, setActing] = useState<{ roomId: string; anchor: MenuAnchor } | null>(null)
  const onMenu = useCallback((room: RoomSummary, anchor: MenuAnchor) => setActing({ roomId: room.id, anchor }), [])
  const listed = useMemo(
    () => inOrder((rooms ?? []).filter((room) => which === 'all' || hasUnread(room) || room.id === currentRoomId)),
    [rooms, which, currentRoomId]
  )
  const windowed = listed.length >= WINDOWED_FROM
  // oxlint-disable-next-line react/incompatible-library -- what it returns is not passed to anything that memoises by it
  const virtualizer = useVirtualizer({
    count: listed.length,
    enabled: windowed,
    getScrollElement: () => scroller.current,
    getItemKey: useCallback((index: number) => listed[index]?.id ?? index, [listed]),
    estimateSize: () => ROW_PX,
    overscan: 8
  })
  const shown = virtualizer.getVirtualItems()
  const [from, to] = windowed ? [shown[0]?.index ?? 0, (shown.at(-1)?.index ?? -1) + 1] : [0, listed.length]
  const above = windowed ? (shown[0]?.start ?? 0) : 0
  const below = windowed ? virtualizer.getTotalSize() - (shown.at(-1)?.end ?? 0) : 0
  const acted = acting && rooms?.find(({ id }) => id === acting.roomId)

  return (
    <nav className={styles.nav} aria-label={texts.rooms.title}>
      {rooms !== undefined && rooms.length > 0 && (
        <div className={styles.which}>
          <Choice
            label={texts.roomList.which}
            labelHidden
            options={[
              { value: 'all', words: texts.roomList.all },
              { value: 'unread', words: texts.roomList.unread }
            ]}
            value={which}
            onValue={setWhich}
          />
        </div>
      )}
      <div ref={scroller} className={styles.scroller}>
        {rooms?.length === 0 && (
          <div className={styles.none}>
            <Empty title={texts.rooms.none}>
              <p>{texts.rooms.noneHint}</p>
              <Button look="primary" icon="plus" onClick={onNewRoom}>
                {texts.rooms.makeFirst}
              </Button>
            </Empty>
          </div>
        )}
        {rooms !== undefined && rooms.length > 0 && listed.length === 0 && (
          <p className={styles.nothing}>{texts.roomList.nothingUnread}</p>
        )}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrows between links that the Tab key reaches too */}
        <ul style={{ paddingTop: above, paddingBottom: below }} onKeyDown={moveByArrow}>
          {listed.slice(from, to).map((room, offset) => (
            <li
              key={room.id}
              ref={windowed ? virtualizer.measureElement : undefined}
              data-index={from + offset}
              aria-setsize={listed.length}
              aria-posinset={from + offset + 1}
            >
              <RoomRow
                room={room}
                person={personOf(room, me.userId, users)}
                preview={previewOf(texts, users, me.userId, room.last)}
                time={texts.dates.short(room.activityAt, now)}
                muted={isMuted(room, now)}
                current={room.id === currentRoomId}
                onMenu={onMenu}
              />
            </li>
          ))}
        </ul>
      </div>
      {acting && acted && (
        <RoomActs
          key={acting.roomId}
          room={acted}
          anchor={acting.anchor}
          label={texts.roomList.actions(roomTitle(texts, acted))}
          reading
          onClose={() => setActing(null)}
        />
      )}
    </nav>
  )
}

/** Whose sign a room carries: of rooms for one or two. */
function personOf(room: RoomSummary, me: string, users: ReadonlyMap<string, UserRecord>) {
  const id = room.kind === 'notes' ? me : room.withUserId
  return id === undefined ? undefined : users.get(id)
}

/** Up and down lead from room to room. */
function moveByArrow(event: KeyboardEvent<HTMLUListElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step === undefined || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
  const links = [...event.currentTarget.querySelectorAll('a')]
  const at = links.findIndex((link) => link === document.activeElement)
  const next = at < 0 ? undefined : links[at + step]
  if (!next) return
  event.preventDefault()
  next.focus()
}
