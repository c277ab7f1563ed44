// What a room is: its sign, name and topic, of which kind, and which terms hold in it.
import type { RoomDetails } from '../../../store/chat-store.ts'
import { roomTitle } from '../../../texts/room-title.ts'
import { useTexts } from '../../../texts/texts-context.tsx'
import { Button } from '../../../ui/button.tsx'
import { Choice } from '../../../ui/choice.tsx'
import { RoomAvatar } from '../../../ui/room-avatar.tsx'
import styles from './details.module.css'

interface RoomFactsProps {
  room: RoomDetails
  onEdit: () => void
  onWriters: (writers: 'admins' | null) => void
}

export function RoomFacts({ room, onEdit, onWriters }: RoomFactsProps) {
  const texts = useTexts()
  const { details, newKind } = texts
  const title = roomTitle(texts, room)
  const { writers = 'all' } = room
  return (
    <section className={styles.facts}>
      <div className={styles.head}>
        <RoomAvatar room={room} title={title} size={64} />
        <div className={styles.about}>
          <h3 className={styles.title}>{title}</h3>
          <p className={styles.quiet}>
            {room.kind === 'open' ? details.open : details.group}
            {room.closedAt !== null && ` · ${texts.roomList.closed}`}
          </p>
        </div>
        {room.may.shape && (
          <Button small icon="edit" onClick={onEdit}>
            {details.edit}
          </Button>
        )}
      </div>
      {room.topic !== undefined && <p className={styles.topic}>{room.topic}</p>}
      {room.may.setWriters ? (
        <Choice
          label={newKind.writers}
          options={[
            { value: 'all', words: newKind.writersAll },
            { value: 'admins', words: newKind.writersAdmins }
          ]}
          value={writers}
          onValue={(chosen) => onWriters(chosen === 'all' ? null : chosen)}
        />
      ) : (
        writers === 'admins' && <p className={styles.quiet}>{details.writersAdminsText}</p>
      )}
      <p className={styles.quiet}>
        {room.history === 'from-joining' ? details.historyFromJoiningText : details.historyAllText}
      </p>
    </section>
  )
}
