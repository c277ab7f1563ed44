// Choosing who alone is to get what one says next [S11.5].
import { useRef, useState } from 'react'
import { MAX_ASIDE_RECIPIENTS } from '../../../protocol/limits.ts'
import { findPeople } from '../../search/people.ts'
import { useServices } from '../../services-context.tsx'
import { listPeople } from '../../texts/people.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { PeoplePicker } from '../../ui/people-picker.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import styles from './asides.module.css'

interface RecipientsDialogProps {
  roomId: string
  /** Chosen to begin with. */
  userIds: readonly string[]
  onChosen: (userIds: readonly string[]) => void
  onClose: () => void
}

/** Who is joined in the room, but oneself. */
export function RecipientsDialog({ roomId, userIds, onChosen, onClose }: RecipientsDialogProps) {
  const texts = useTexts()
  const { asides } = texts
  const { me, store } = useServices()
  const members = useObservable(() => store.queries.watchMembers(roomId), [store, roomId])
  const users = useObservable(() => store.queries.watchUsers(), [store])
  /** Then the focus belongs to the field. */
  const decided = useRef(false)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(userIds))
  const there = (members ?? []).filter(({ userId, pending }) => userId !== me.userId && pending !== 'adding')
  const people = listPeople(
    there.flatMap(({ userId }) => users?.get(userId) ?? []),
    new Set(),
    texts.locale
  )
  // Somebody may leave while one chooses.
  const still = people.filter(({ id }) => chosen.has(id)).map(({ id }) => id)
  const tooMany = still.length > MAX_ASIDE_RECIPIENTS
  return (
    <Dialog
      title={asides.title}
      closeLabel={texts.close}
      onClose={onClose}
      givesFocusBack={() => !decided.current}
      actions={
        <>
          <Button onClick={onClose}>{texts.cancel}</Button>
          {people.length > 0 && (
            <Button
              look="primary"
              disabled={still.length === 0 || tooMany}
              onClick={() => {
                decided.current = true
                onChosen(still)
                onClose()
              }}
            >
              {asides.write}
            </Button>
          )}
        </>
      }
    >
      <div className={styles.form}>
        <p>{asides.text}</p>
        {members && people.length === 0 && <p className={styles.quiet}>{asides.nobodyHere}</p>}
        {people.length > 0 && (
          <PeoplePicker
            label={texts.newRoom.people}
            searchLabel={texts.newRoom.search}
            nobodyFound={texts.newRoom.nobodyFound}
            people={people}
            find={findPeople}
            chosen={chosen}
            onChosen={setChosen}
          />
        )}
        <div role="alert">{tooMany && <p className={styles.problem}>{asides.tooMany(MAX_ASIDE_RECIPIENTS)}</p>}</div>
      </div>
    </Dialog>
  )
}
