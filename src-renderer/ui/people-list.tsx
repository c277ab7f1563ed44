// A list of people, each to be chosen with one click. Knows only what it is told of them.
import type { ReactNode } from 'react'
import { Avatar } from './avatar.tsx'
import type { Person } from './people-picker.tsx'
import styles from './people-list.module.css'
import { TwoLines } from './two-lines.tsx'

interface PeopleListProps<Each extends Person> {
  label: string
  people: readonly Each[]
  onChoose: (person: Each) => void
  /** Stands under the name instead of the username. */
  line?: (person: Each) => string | undefined
  /** Put around the sign. */
  renderSign?: (person: Each, sign: ReactNode) => ReactNode
  /** Stands at the end, a part of what is chosen. */
  renderMark?: (person: Each) => ReactNode
  /** Something else that can be done, behind it. */
  renderAction?: (person: Each) => ReactNode
}

export function PeopleList<Each extends Person>({
  label,
  people,
  onChoose,
  line,
  renderSign = (_, sign) => sign,
  renderMark,
  renderAction
}: PeopleListProps<Each>) {
  return (
    <ul className={styles.list} aria-label={label}>
      {people.map((person) => (
        <li key={person.id} className={styles.item}>
          <button type="button" className={styles.person} onClick={() => onChoose(person)}>
            {renderSign(
              person,
              <Avatar id={person.id} name={person.name} color={person.color} picture={person.avatar} size={38} />
            )}
            <TwoLines name={person.name}>{line?.(person) ?? person.username}</TwoLines>
            {renderMark?.(person)}
          </button>
          {renderAction?.(person)}
        </li>
      ))}
    </ul>
  )
}
