// What stands where one would write, in rooms where one cannot: closed ones, and those where others do the writing.
import { useState } from 'react'
import { goToRoom } from '../../platform/hash-route.ts'
import { useServices } from '../../services-context.tsx'
import type { RoomSummary } from '../../store/chat-store.ts'
import { errorSentence } from '../../texts/errors.ts'
import { roomTitle } from '../../texts/room-title.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import styles from './closed-note.module.css'

/** Why one cannot write in a room. */
export function ReadOnlyNote({ room }: { room: RoomSummary }) {
  const texts = useTexts()
  if (!room.joined) return <p className={styles.note}>{texts.members.notJoined}</p>
  if (room.closedAt !== null) return <ClosedNote room={room} />
  return <p className={styles.note}>{room.kind === 'direct' ? texts.closed.personGone : texts.closed.onlyAdmins}</p>
}

/** [S11.6] The room is closed for good; the same people can go on elsewhere, and what was being written goes with them. */
function ClosedNote({ room }: { room: RoomSummary }) {
  const texts = useTexts()
  const { closed } = texts
  const { me, store } = useServices()
  const { commands, queries } = store
  const members = useObservable(() => queries.watchMembers(room.id), [queries, room.id])
  const [starting, setStarting] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const drafted = room.draft.trim() !== ''

  const start = async () => {
    if (starting || !members) return
    setStarting(true)
    setProblem(undefined)
    try {
      const others = members.map(({ userId }) => userId).filter((userId) => userId !== me.userId)
      const kind = room.kind === 'open' ? 'open' : 'group'
      const roomId = await commands.createRoom(roomTitle(texts, room), others, { kind })
      if (drafted) {
        const draft = await queries.loadDraft(room.id)
        await commands.saveDraft(roomId, draft)
        await commands.saveDraft(room.id, '')
      }
      goToRoom(roomId)
    } catch (error) {
      setStarting(false)
      setProblem(error)
    }
  }

  return (
    <section className={styles.closed} aria-label={closed.title}>
      <p className={styles.title}>
        <Icon name="closed" size={18} />
        {closed.title}
      </p>
      <p className={styles.text}>{closed.text}</p>
      <Button
        icon="plus"
        aria-disabled={starting}
        onClick={() => {
          void start()
        }}
      >
        {starting ? closed.starting : closed.startNew}
      </Button>
      {drafted && <p className={styles.text}>{closed.draftKept}</p>}
      <div role="alert">
        {problem !== undefined && <p className={styles.problem}>{errorSentence(texts, problem)}</p>}
      </div>
    </section>
  )
}
