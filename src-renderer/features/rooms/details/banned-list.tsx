// Who is kept out of a room, and the way back for them [S11.7].
import { useServices } from '../../../services-context.tsx'
import { listPeople } from '../../../texts/people.ts'
import { useTexts } from '../../../texts/texts-context.tsx'
import { Avatar } from '../../../ui/avatar.tsx'
import { Button } from '../../../ui/button.tsx'
import { useObservable } from '../../../ui/use-observable.ts'
import styles from './details.module.css'

interface BannedListProps {
  userIds: readonly string[]
  onLift: (userId: string) => void
}

export function BannedList({ userIds, onLift }: BannedListProps) {
  const texts = useTexts()
  const { details } = texts
  const { queries } = useServices().store
  const users = useObservable(() => queries.watchUsers(), [queries])
  const people = listPeople(
    userIds.flatMap((id) => users?.get(id) ?? []),
    new Set(),
    texts.locale
  )
  return (
    <section className={styles.members}>
      <h3 className={styles.heading}>{details.banned}</h3>
      <ul aria-label={details.banned}>
        {people.map(({ id, name, color, avatar }) => (
          <li key={id} className={styles.person}>
            <Avatar id={id} name={name} color={color} picture={avatar} size={34} />
            <span className={styles.name}>{name}</span>
            <Button small aria-label={details.liftBanLabel(name)} onClick={() => onLift(id)}>
              {details.liftBan}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
