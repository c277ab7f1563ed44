// The column of rooms: who one is, the list, and what concerns all rooms. The connection's line is handed in.
import { useCallback, useState } from 'react'
import type { ReactNode } from 'react'
import { goToRoom } from '../../platform/hash-route.ts'
import { useServices } from '../../services-context.tsx'
import { useTexts } from '../../texts/texts-context.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { IconButton } from '../../ui/button.tsx'
import { later } from '../../ui/later.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import { RoomList } from './room-list.tsx'
import styles from './sidebar.module.css'
import { useNewRoomKey } from './use-new-room-key.ts'

const NewRoomDialog = later(async () => (await import('./new-room-dialog.tsx')).NewRoomDialog)
const SignOutDialog = later(async () => (await import('./sign-out-dialog.tsx')).SignOutDialog)

type Open = 'new-room' | 'sign-out' | null

interface SidebarProps {
  /** Marked in the list. */
  currentRoomId: string | null
  /** Stands at the bottom. */
  connection: ReactNode
  onSettings: () => void
  /** Opens what lists the people and open rooms of the relay. */
  onDirectory: () => void
  /** For owners of the relay. */
  onInvite: (() => void) | undefined
}

export function Sidebar({ currentRoomId, connection, onSettings, onDirectory, onInvite }: SidebarProps) {
  const texts = useTexts()
  const { me, store } = useServices()
  const users = useObservable(() => store.queries.watchUsers(), [store])
  const own = users?.get(me.userId)
  const { displayName, color } = own ?? me
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const openNewRoom = useCallback(() => setOpen('new-room'), [])
  useNewRoomKey(openNewRoom)
  return (
    <div className={styles.sidebar}>
      <header className={styles.header}>
        <Avatar id={me.userId} name={displayName} color={color} picture={own?.avatar} size={36} />
        <p className={styles.me}>{displayName}</p>
        {onInvite && <IconButton icon="invite" label={texts.rooms.invite} onClick={onInvite} />}
        <IconButton icon="settings" label={texts.settings.open} onClick={onSettings} />
        <IconButton icon="leave" label={texts.rooms.signOut} onClick={() => setOpen('sign-out')} />
      </header>
      <div className={styles.heading}>
        <h1 className={styles.title}>{texts.rooms.title}</h1>
        <span className={styles.buttons}>
          <IconButton icon="search" label={texts.roomList.directory} onClick={onDirectory} />
          <IconButton icon="plus" label={texts.rooms.newRoom} aria-keyshortcuts="Control+N" onClick={openNewRoom} />
        </span>
      </div>
      <RoomList currentRoomId={currentRoomId} onNewRoom={openNewRoom} />
      <div className={styles.footer}>{connection}</div>
      {open === 'new-room' && (
        <NewRoomDialog
          onClose={close}
          onMade={(roomId) => {
            close()
            goToRoom(roomId)
          }}
        />
      )}
      {open === 'sign-out' && <SignOutDialog onClose={close} />}
    </div>
  )
}
