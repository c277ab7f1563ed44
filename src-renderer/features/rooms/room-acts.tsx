// What can be done with a room as a whole, from the list or from its bar: a menu, and the dialogs that it leads to. Only what the person may do.
import { useRef, useState } from 'react'
import { firstValueFrom } from 'rxjs'
import { usePersonCardOf } from '../../platform/person-card.tsx'
import { useNow } from '../../platform/use-now.ts'
import { useServices } from '../../services-context.tsx'
import { isMuted, UNREAD_CAP } from '../../store/chat-store.ts'
import type { RoomSummary } from '../../store/chat-store.ts'
import { errorSentence } from '../../texts/errors.ts'
import { roomTitle } from '../../texts/room-title.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Menu, MenuItem, MenuLine } from '../../ui/menu.tsx'
import type { MenuAnchor } from '../../ui/menu.tsx'
import { MuteMenu, unmuteWords } from './mute-menu.tsx'
import { isMarkedUnread } from './preview.ts'
import { DetailsDialog } from './details/details-dialog.tsx'
import { LeaveDialog } from './details/leave-dialog.tsx'
import { EditRoomDialog } from './details/edit-room-dialog.tsx'

const CLOCK_EVERY_MS = 60_000

type Stage = 'menu' | 'mute' | 'details' | 'edit' | 'leave' | 'person' | { problem: unknown }

interface RoomActsProps {
  room: RoomSummary
  anchor: MenuAnchor
  label: string
  align?: 'start' | 'end'
  /** Whether to mark it as read or unread is offered: not in the room itself, where looking is reading. */
  reading?: boolean
  /** Nothing of it is shown any more. */
  onClose: () => void
}

/** Begins with the menu. */
export function RoomActs({ room, anchor, label, align, reading = false, onClose }: RoomActsProps) {
  const texts = useTexts()
  const { commands, queries } = useServices().store
  const cardOf = usePersonCardOf()
  const [stage, setStage] = useState<Stage>('menu')
  /** Where a chosen thing leads once the menu has closed. */
  const next = useRef<Stage | null>(null)
  const now = useNow(CLOCK_EVERY_MS)
  const muted = isMuted(room, now)
  const setProblem = (problem: unknown) => setStage({ problem })
  const attempt = (done: Promise<unknown>) => {
    done.catch(setProblem)
  }
  const markRead = async () => {
    const { headSeq } = await firstValueFrom(queries.watchHeld(room.id))
    await commands.markRead(room.id, headSeq)
    // What was said aside there has its own marks [S11.5].
    const { items } = await firstValueFrom(queries.watchTimeline(room.id, Math.max(1, headSeq - UNREAD_CAP)))
    for (const { roomId, aside } of items)
      if (aside?.unread && aside.seq !== null) await commands.markRead(roomId, aside.seq)
  }
  const markUnread = async () => {
    const { headSeq } = await firstValueFrom(queries.watchHeld(room.id))
    await commands.markUnread(room.id, room.last?.seq ?? Math.max(1, headSeq))
  }

  if (stage === 'mute') return <MuteMenu room={room} {...{ anchor, align }} onDone={onClose} onProblem={setProblem} />
  if (stage === 'details') return <DetailsDialog roomId={room.id} onClose={onClose} />
  if (stage === 'edit') return <EditRoomDialog room={room} onClose={onClose} />
  if (stage === 'person' && room.withUserId !== undefined) return <>{cardOf(room.withUserId, () => onClose())}</>
  if (stage === 'leave') return <LeaveDialog room={room} onClose={onClose} />
  if (typeof stage === 'object') {
    return (
      <Dialog title={label} closeLabel={texts.close} onClose={onClose}>
        <p role="alert">{errorSentence(texts, stage.problem)}</p>
      </Dialog>
    )
  }

  const named = room.kind === 'group' || room.kind === 'open'
  const marked = room.unread > 0 || isMarkedUnread(room) || room.mentions > 0
  return (
    <Menu
      label={label}
      anchor={anchor}
      {...(align === undefined ? {} : { align })}
      onClose={() => {
        if (next.current) setStage(next.current)
        else onClose()
      }}
    >
      {named && (
        <MenuItem
          icon="people"
          onClick={() => {
            next.current = 'details'
          }}
        >
          {texts.details.title}
        </MenuItem>
      )}
      {room.kind === 'direct' && room.withUserId !== undefined && (
        <MenuItem
          icon="people"
          onClick={() => {
            next.current = 'person'
          }}
        >
          {texts.person.about(roomTitle(texts, room))}
        </MenuItem>
      )}
      {room.may.shape && (
        <MenuItem
          icon="edit"
          onClick={() => {
            next.current = 'edit'
          }}
        >
          {texts.room.rename}
        </MenuItem>
      )}
      {reading && room.joined && marked && (
        <MenuItem icon="check" onClick={() => attempt(markRead())}>
          {texts.roomList.markRead}
        </MenuItem>
      )}
      {reading && room.joined && !marked && room.last && (
        <MenuItem icon="unread" onClick={() => attempt(markUnread())}>
          {texts.roomList.markUnread}
        </MenuItem>
      )}
      <MenuItem icon="pin" onClick={() => attempt(commands.setPinned(room.id, !room.pinned))}>
        {room.pinned ? texts.room.unpin : texts.room.pin}
      </MenuItem>
      {room.kind !== 'notes' && muted && (
        <MenuItem icon="bell" onClick={() => attempt(commands.setMuted(room.id, null))}>
          {unmuteWords(texts, room.mutedUntil, now)}
        </MenuItem>
      )}
      {room.kind !== 'notes' && !muted && (
        <MenuItem
          icon="mute"
          onClick={() => {
            next.current = 'mute'
          }}
        >
          {texts.room.mute}
        </MenuItem>
      )}
      {room.may.leave && (
        <>
          <MenuLine />
          <MenuItem
            icon="leave"
            look="danger"
            onClick={() => {
              next.current = 'leave'
            }}
          >
            {texts.members.leave}
          </MenuItem>
        </>
      )}
    </Menu>
  )
}
