// Who somebody is, where one meets them, and what there is to do: talk to them alone, or block them. Works offline.
import { useState } from 'react'
import { goToRoom, hashOfRoom } from '../../platform/hash-route.ts'
import { useServices } from '../../services-context.tsx'
import { PresenceSign } from '../../presence/presence-sign.tsx'
import { usePresenceWords } from '../../presence/use-presence-words.ts'
import type { Person } from '../../store/chat-store.ts'
import { errorSentence } from '../../texts/errors.ts'
import { roomTitle } from '../../texts/room-title.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { RoomAvatar } from '../../ui/room-avatar.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import styles from './person-card.module.css'
import { useSharedRooms } from './use-shared-rooms.ts'
import type { Shared } from './use-shared-rooms.ts'

interface PersonCardProps {
  userId: string
  /** `left`: it has led to a room. */
  onClose: (how?: 'left') => void
}

export function PersonCard({ userId, onClose }: PersonCardProps) {
  const texts = useTexts()
  const { queries } = useServices().store
  const people = useObservable(() => queries.watchPeople(), [queries])
  const person = people?.find(({ user }) => user.id === userId)
  if (!people) return null
  if (person) return <Card person={person} onClose={onClose} />
  return (
    <Dialog title={texts.unknownPerson} closeLabel={texts.close} onClose={() => onClose()}>
      <p>{texts.person.deleted}</p>
    </Dialog>
  )
}

function Card({ person, onClose }: { person: Person; onClose: PersonCardProps['onClose'] }) {
  const texts = useTexts()
  const { commands } = useServices().store
  const { user, self, blocked } = person
  const shared = useSharedRooms(self ? null : user.id)
  const [blocking, setBlocking] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const name = user.displayName
  const go = (roomId: string) => {
    goToRoom(roomId)
    onClose('left')
  }

  if (blocking) {
    return (
      <Confirm
        title={texts.person.blockTitle(name)}
        closeLabel={texts.close}
        cancelLabel={texts.cancel}
        actLabel={texts.person.block}
        act={async () => commands.setBlock(user.id, true)}
        sentenceOf={(error) => errorSentence(texts, error)}
        onDone={() => setBlocking(false)}
        onCancel={() => setBlocking(false)}
      >
        <p>{texts.person.blockText}</p>
        <p>{texts.person.blockQuietText}</p>
      </Confirm>
    )
  }

  return (
    <Dialog
      title={name}
      closeLabel={texts.close}
      onClose={() => onClose()}
      actions={
        <>
          {!self && !blocked && (
            <Button look="danger" icon="block" onClick={() => setBlocking(true)}>
              {texts.person.block}
            </Button>
          )}
          {blocked && (
            <Button
              onClick={() => {
                commands.setBlock(user.id, false).catch(setProblem)
              }}
            >
              {texts.person.unblock}
            </Button>
          )}
          <Button
            look="primary"
            icon="talk"
            onClick={() => {
              const opened = self ? commands.openNotes() : commands.openDirect(user.id)
              opened.then(go, setProblem)
            }}
          >
            {self ? texts.roomList.notes : texts.person.talk}
          </Button>
        </>
      }
    >
      <div className={styles.card}>
        <div className={styles.head}>
          <PresenceSign userId={user.id} wordsId={null}>
            <Avatar id={user.id} name={name} color={user.color} picture={user.avatar} size={84} />
          </PresenceSign>
          <div className={styles.who}>
            <p className={styles.username}>@{user.username}</p>
            {!self && <HowTheyAre userId={user.id} />}
            {user.role === 'owner' && <p className={styles.quiet}>{texts.person.relayOwner}</p>}
            {blocked && <p className={styles.blocked}>{texts.person.blocked}</p>}
          </div>
        </div>
        {user.status !== undefined && <p className={styles.status}>{user.status}</p>}
        {!self && <SharedRooms shared={shared} onGo={go} />}
        <div role="alert">
          {problem !== undefined && <p className={styles.problem}>{errorSentence(texts, problem)}</p>}
        </div>
      </div>
    </Dialog>
  )
}

/** A line that is there from the beginning: the answer moves nothing. */
function HowTheyAre({ userId }: { userId: string }) {
  return <p className={styles.presence}>{usePresenceWords(userId)}</p>
}

function SharedRooms({ shared, onGo }: { shared: Shared; onGo: (roomId: string) => void }) {
  const texts = useTexts()
  return (
    <section>
      <h3 className={styles.heading}>{texts.person.shared}</h3>
      {shared.complete && shared.rooms.length === 0 && <p className={styles.quiet}>{texts.person.noShared}</p>}
      <ul>
        {shared.rooms.map((room) => (
          <li key={room.id}>
            <a
              className={styles.room}
              href={hashOfRoom(room.id)}
              onClick={(event) => {
                event.preventDefault()
                onGo(room.id)
              }}
            >
              <RoomAvatar room={room} title={roomTitle(texts, room)} size={30} />
              <span className={styles.name}>{roomTitle(texts, room)}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}
