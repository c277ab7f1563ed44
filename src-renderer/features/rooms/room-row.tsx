// One room in the list: its sign and name, when and what was last said, and what waits for the person there.
import { memo } from 'react'
import type { UserRecord } from '../../../protocol/records.ts'
import { goToRoom, hashOfRoom } from '../../platform/hash-route.ts'
import { PresenceSign } from '../../presence/presence-sign.tsx'
import { useServices } from '../../services-context.tsx'
import type { RoomSummary } from '../../store/chat-store.ts'
import { roomTitle } from '../../texts/room-title.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Icon } from '../../ui/icon.tsx'
import type { MenuAnchor } from '../../ui/menu.tsx'
import { RoomAvatar } from '../../ui/room-avatar.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import { hasUnread, isMarkedUnread, oneLine, unreadWords } from './preview.ts'
import styles from './room-list.module.css'
import { TypingPreview } from './typing-preview.tsx'

interface RoomRowProps {
  room: RoomSummary
  /** Of a direct room the other person, of notes oneself. */
  person: Pick<UserRecord, 'id' | 'color' | 'avatar'> | undefined
  /** What was last said, in a line. */
  preview: string
  /** When that was, in words. */
  time: string
  muted: boolean
  current: boolean
  onMenu: (room: RoomSummary, anchor: MenuAnchor) => void
}

/** Drawn again only when something that it shows has changed: there may be a thousand. */
export const RoomRow = memo(function RoomRow({ room, person, preview, time, muted, current, onMenu }: RoomRowProps) {
  const texts = useTexts()
  const { live } = useServices()
  const typing = useObservable(() => live.watchTyping(room.id), [live, room.id])
  const title = roomTitle(texts, room)
  const nameId = `room-name-${room.id}`
  const aboutId = `room-about-${room.id}`
  const presenceId = `room-presence-${room.id}`
  return (
    <a
      className={styles.room}
      data-unread={hasUnread(room)}
      href={hashOfRoom(room.id)}
      aria-labelledby={nameId}
      aria-describedby={room.withUserId === undefined ? aboutId : `${presenceId} ${aboutId}`}
      aria-current={current ? 'page' : undefined}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
        event.preventDefault()
        goToRoom(room.id)
      }}
      onContextMenu={(event) => {
        event.preventDefault()
        const byKey = event.clientX === 0 && event.clientY === 0
        onMenu(room, byKey ? event.currentTarget : { x: event.clientX, y: event.clientY })
      }}
    >
      <PresenceSign userId={room.withUserId} wordsId={presenceId}>
        <RoomAvatar room={room} title={title} person={person} size={46} />
      </PresenceSign>
      <span className={styles.lines}>
        <span className={styles.line}>
          <span id={nameId} className={styles.name}>
            {title}
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
            {time}
          </time>
        </span>
        <span id={aboutId} className={styles.line}>
          <span className={styles.preview}>
            {typing ? (
              <TypingPreview room={room} typing={typing} />
            ) : current || room.draft.trim() === '' ? (
              <>
                {!room.joined && <span>{texts.rooms.left} · </span>}
                {room.joined && room.closedAt !== null && <span>{texts.roomList.closed} · </span>}
                {preview}
              </>
            ) : (
              <>
                <span className={styles.draft}>{texts.rooms.draft}</span> {oneLine(room.draft)}
              </>
            )}
          </span>
          <Badges room={room} muted={muted} />
        </span>
      </span>
    </a>
  )
})

/** What is unread, what of it is meant for the person, and what has not been sent. */
function Badges({ room, muted }: { room: RoomSummary; muted: boolean }) {
  const texts = useTexts()
  return (
    <>
      {room.mentions > 0 && (
        <>
          <span className={styles.mention} aria-hidden>
            @{room.mentions > 1 && unreadWords(room.mentions)}
          </span>
          <VisuallyHidden>{texts.roomList.mentioned(unreadWords(room.mentions))}</VisuallyHidden>
        </>
      )}
      {room.unread > 0 && (
        <>
          <span className={styles.unread} data-muted={muted} aria-hidden>
            {unreadWords(room.unread)}
          </span>
          <VisuallyHidden>{texts.rooms.unread(unreadWords(room.unread))}</VisuallyHidden>
        </>
      )}
      {isMarkedUnread(room) && (
        <>
          <span className={styles.dot} aria-hidden />
          <VisuallyHidden>{texts.roomList.unread}</VisuallyHidden>
        </>
      )}
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
    </>
  )
}
