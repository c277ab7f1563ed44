// The names of those who have read a message and of those who have not, as it is now [S12.7]. Of a thousand only so many are drawn at once.
import { useState } from 'react'
import { PresenceSign } from '../../presence/presence-sign.tsx'
import { usePersonCard } from '../../platform/person-card.tsx'
import { useServices } from '../../services-context.tsx'
import type { TimelineItem } from '../../store/chat-store.ts'
import { listPeople } from '../../texts/people.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { PeopleList } from '../../ui/people-list.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import { readPlace } from './read-number-source.tsx'
import styles from './readers-dialog.module.css'

/** Names that are drawn, and those that are added by each wish for more. */
const NAMES_AT_ONCE = 100

export function ReadersDialog({ item, onClose }: { item: TimelineItem; onClose: () => void }) {
  const texts = useTexts()
  const { readers } = texts
  const { queries } = useServices().store
  const numbers = useObservable(() => queries.watchReadNumbers(item.roomId), [queries, item.roomId])
  const users = useObservable(() => queries.watchUsers(), [queries])
  const { open, card } = usePersonCard(onClose)
  const [shown, setShown] = useState(NAMES_AT_ONCE)
  const [chosen, setChosen] = useState<'read' | 'unread' | null>(null)
  const seq = readPlace(item)
  const names = numbers && seq !== null ? numbers.names(seq, item.authorId) : { read: [], unread: [] }
  const which = chosen ?? (names.read.length > 0 ? 'read' : 'unread')
  const ids = names[which]
  const people = listPeople(
    ids.flatMap((id) => users?.get(id) ?? []),
    new Set(),
    texts.locale
  )
  return (
    <Dialog title={readers.title} closeLabel={texts.close} onClose={onClose}>
      <div className={styles.readers}>
        <Choice
          label={readers.which}
          labelHidden
          options={[
            { value: 'read', words: readers.readBy(names.read.length) },
            { value: 'unread', words: readers.unreadBy(names.unread.length) }
          ]}
          value={which}
          onValue={(value) => {
            setChosen(value)
            setShown(NAMES_AT_ONCE)
          }}
        />
        {numbers && ids.length === 0 && (
          <p className={styles.none}>{which === 'read' ? readers.nobody : readers.everybody}</p>
        )}
        <PeopleList
          label={which === 'read' ? readers.readBy(ids.length) : readers.unreadBy(ids.length)}
          people={people.slice(0, shown)}
          onChoose={({ id }) => open(id)}
          renderSign={({ id }, sign) => <PresenceSign userId={id}>{sign}</PresenceSign>}
        />
        {people.length > shown && (
          <Button onClick={() => setShown((before) => before + NAMES_AT_ONCE)}>{readers.more}</Button>
        )}
        <p className={styles.leftOut}>{readers.leftOut}</p>
      </div>
      {card}
    </Dialog>
  )
}
