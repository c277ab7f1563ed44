// The list of rooms by latest activity.
import type { UserRecord } from '../../../protocol/records.ts'
import { goToRoom, hashOfRoom } from '../../platform/hash-route.ts'
import { useNow } from '../../platform/use-now.ts'
import { useServices } from '../../services-context.tsx'
import { isMuted } from '../../store/chat-store.ts'
import type { RoomSummary } from '../../store/chat-store.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import { inOrder, previewOf, unreadWords } from './preview.ts'
import styles from './room-list.module.css'

const CLOCK_EVERY_MS = 60_000
const NOBODY: ReadonlyMap<string, UserRecord> = new Map()

interface RoomListProps {
  currentRoomId: string | null
  /** For who has no room yet. */
  onNewRoom: () => void
}

export function RoomList({ currentRoomId, onNewRoom }: RoomListProps) {
  const texts = useTexts()
  const { store } = useServices()
  const rooms = useObservable(() => store.queries.watchRooms(), [store])
  const users = useObservable(() => store.queries.watchUsers(), [store]) ?? NOBODY
  const now = useNow(CLOCK_EVERY_MS)
  return (
    <nav className={styles.nav} aria-label={texts.rooms.title}>
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
      <ul>
        {inOrder(rooms ?? []).map((room) => (
          <li key={room.id}>
            <RoomRow room={room} users={users} now={now} current={room.id === currentRoomId} />
          </li>
        ))}
      </ul>
    </nav>
  )
}

interface RoomRowProps {
  room: RoomSummary
  users: ReadonlyMap<string, UserRecord>
  now: number
  current: boolean
}

function RoomRow({ room, users, now, current }: RoomRowProps) {
  const texts = useTexts()
  const { me } = useServices()
  const muted = isMuted(room, now)
  const nameId = `room-name-${room.id}`
  const aboutId = `room-about-${room.id}`
  return (
    <a
      className={styles.room}
      data-unread={room.unread > 0}
      href={hashOfRoom(room.id)}
      aria-labelledby={nameId}
      aria-describedby={aboutId}
      aria-current={current ? 'page' : undefined}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
        event.preventDefault()
        goToRoom(room.id)
      }}
    >
      <Avatar id={room.id} name={room.name} size={46} />
      <span className={styles.lines}>
        <span className={styles.line}>
          <span id={nameId} className={styles.name}>
            {room.name}
          </span>
          {room.pinned && (
            <span className={styles.sign}>
              <Icon name="pin" size={14} label={texts.rooms.pinned} />
            </span>
          )}
          {muted && (
            <span className={styles.sign}>
              <Icon name="mute" size={14} label={texts.rooms.muted} />
            </span>
          )}
          <time className={styles.time} dateTime={room.activityAt}>
            {texts.dates.short(room.activityAt, now)}
          </time>
        </span>
        <span id={aboutId} className={styles.line}>
          <span className={styles.preview}>
            {current || room.draft.trim() === '' ? (
              <>
                {!room.joined && <span className={styles.left}>{texts.rooms.left} · </span>}
                {previewOf(texts, users, me.userId, room.last)}
              </>
            ) : (
              <>
                <span className={styles.draft}>{texts.rooms.draft}</span> {room.draft.replace(/\s+/gu, ' ').trim()}
              </>
            )}
          </span>
          {room.unread > 0 && (
            <span className={styles.unread} data-muted={muted} aria-hidden>
              {unreadWords(room.unread)}
            </span>
          )}
          {room.unread > 0 && <VisuallyHidden>{texts.rooms.unread(unreadWords(room.unread))}</VisuallyHidden>}
          {room.waiting > 0 && (
            <span className={styles.waiting}>
              <Icon name="clock" size={15} label={texts.rooms.waitingMark(room.waiting)} />
            </span>
          )}
          {room.refused > 0 && (
            <span className={styles.refused}>
              <Icon name="warning" size={16} label={texts.rooms.refusedMark(room.refused)} />
            </span>
          )}
        </span>
      </span>
    </a>
  )
}
