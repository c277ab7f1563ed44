// The bar above a room: what it is called, the way back, who is in it, and what can be done with it.
import { useState } from 'react'
import { goBackToList } from '../../platform/hash-route.ts'
import { usePersonCard } from '../../platform/person-card.tsx'
import { useServices } from '../../services-context.tsx'
import { PresenceSign } from '../../presence/presence-sign.tsx'
import { usePresenceWords } from '../../presence/use-presence-words.ts'
import type { RoomSummary } from '../../store/chat-store.ts'
import { roomTitle } from '../../texts/room-title.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { later } from '../../ui/later.tsx'
import { RoomAvatar } from '../../ui/room-avatar.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import styles from './room-header.module.css'

const DetailsDialog = later(async () => (await import('./details/details-dialog.tsx')).DetailsDialog)
const RoomActs = later(async () => (await import('./room-acts.tsx')).RoomActs)

export function RoomHeader({ room }: { room: RoomSummary }) {
  const texts = useTexts()
  const { me, store } = useServices()
  const { queries } = store
  const { open: openPerson, card } = usePersonCard()
  const members = useObservable(() => queries.watchMembers(room.id), [queries, room.id]) ?? []
  const users = useObservable(() => queries.watchUsers(), [queries])
  const [open, setOpen] = useState(false)
  const [anchor, setAnchor] = useState<Element | null>(null)
  const title = roomTitle(texts, room)
  const personId = room.kind === 'notes' ? me.userId : room.withUserId
  const person = personId === undefined ? undefined : (users?.get(personId) ?? { id: personId })
  const about =
    room.topic ?? (room.kind === 'direct' && personId !== undefined ? users?.get(personId)?.status : undefined)
  const named = room.kind === 'group' || room.kind === 'open'
  return (
    <header className={styles.header}>
      <span className={styles.back}>
        <IconButton icon="back" label={texts.back} onClick={goBackToList} />
      </span>
      <span className={styles.sign}>
        <PresenceSign userId={room.withUserId} wordsId={null}>
          <RoomAvatar room={room} title={title} person={person} size={36} />
        </PresenceSign>
      </span>
      <div className={styles.words}>
        <h2 className={styles.name}>{title}</h2>
        {room.withUserId === undefined ? (
          about !== undefined && (
            <p className={styles.topic} title={about}>
              {about}
            </p>
          )
        ) : (
          <AboutPerson userId={room.withUserId} status={about} />
        )}
      </div>
      {room.renaming && <Icon name="clock" size={15} label={texts.room.renaming} />}
      {named && members.length > 0 && (
        <Button small look="quiet" icon="people" onClick={() => setOpen(true)}>
          {texts.members.count(members.length)}
        </Button>
      )}
      {room.kind === 'direct' && room.withUserId !== undefined && (
        <IconButton
          icon="people"
          label={texts.person.about(title)}
          onClick={() => room.withUserId !== undefined && openPerson(room.withUserId)}
        />
      )}
      <IconButton
        icon="more"
        label={texts.room.menu}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        onClick={({ currentTarget }) => setAnchor(currentTarget)}
      />
      {anchor && (
        <RoomActs room={room} anchor={anchor} align="end" label={texts.room.menu} onClose={() => setAnchor(null)} />
      )}
      {card}
      {open && <DetailsDialog roomId={room.id} onClose={() => setOpen(false)} />}
    </header>
  )
}

/** How the other one is, and what they say about it. The line is there from the beginning: the answer moves nothing. */
function AboutPerson({ userId, status }: { userId: string; status: string | undefined }) {
  const presence = usePresenceWords(userId)
  const words = [presence, status].filter((each) => each !== undefined).join(' · ')
  return (
    <p className={styles.topic} title={words}>
      {words || '\u00a0'}
    </p>
  )
}
