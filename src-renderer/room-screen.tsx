// The open room: header, messages and composer, one above the other.
import { Composer } from './features/composer/composer.tsx'
import { ConnectionLine } from './features/connection/connection-line.tsx'
import { RoomHeader } from './features/members/room-header.tsx'
import { Timeline } from './features/timeline/timeline.tsx'
import styles from './room-screen.module.css'
import { useServices } from './services-context.tsx'
import { useTexts } from './texts/texts-context.tsx'
import { useObservable } from './ui/use-observable.ts'

/** `roomId` null: no room is open. Give it the room's id as its key. */
export function RoomScreen({ roomId }: { roomId: string | null }) {
  const texts = useTexts()
  const { store } = useServices()
  const rooms = useObservable(() => store.queries.watchRooms(), [store])
  const room = rooms?.find(({ id }) => id === roomId)
  if (roomId === null) {
    return rooms?.length === 0 ? (
      <div className={styles.none} />
    ) : (
      <div className={styles.none}>
        <p className={styles.noneTitle}>{texts.rooms.pick}</p>
        <p>{texts.rooms.pickHint}</p>
      </div>
    )
  }
  if (!room) return <div className={styles.none}>{rooms && <p>{texts.rooms.notFound}</p>}</div>
  return (
    <section className={styles.room} aria-label={room.name}>
      <RoomHeader room={room} />
      <div className={styles.trouble}>
        <ConnectionLine onlyTrouble />
      </div>
      <Timeline key={roomId} roomId={roomId} roomName={room.name} />
      {room.joined ? (
        <Composer key={roomId} roomId={roomId} />
      ) : (
        <p className={styles.left}>{texts.members.notJoined}</p>
      )}
    </section>
  )
}
