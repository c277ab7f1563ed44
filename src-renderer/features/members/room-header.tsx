// The bar above a room: its name, the way back, and who is in it.
import { useState } from 'react'
import { goBackToList } from '../../platform/hash-route.ts'
import { useServices } from '../../services-context.tsx'
import type { RoomSummary } from '../../store/chat-store.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import { MembersDialog } from './members-dialog.tsx'
import styles from './room-header.module.css'
import { RoomMenu } from './room-menu.tsx'

export function RoomHeader({ room }: { room: RoomSummary }) {
  const texts = useTexts()
  const { queries } = useServices().store
  const members = useObservable(() => queries.watchMembers(room.id), [queries, room.id]) ?? []
  const [open, setOpen] = useState(false)
  return (
    <header className={styles.header}>
      <span className={styles.back}>
        <IconButton icon="back" label={texts.back} onClick={goBackToList} />
      </span>
      <h2 className={styles.name}>{room.name}</h2>
      {room.renaming && <Icon name="clock" size={15} label={texts.room.renaming} />}
      {members.length > 0 && (
        <Button small look="quiet" icon="people" onClick={() => setOpen(true)}>
          {texts.members.count(members.length)}
        </Button>
      )}
      <RoomMenu room={room} onMembers={() => setOpen(true)} />
      {open && <MembersDialog room={room} members={members} onClose={() => setOpen(false)} />}
    </header>
  )
}
