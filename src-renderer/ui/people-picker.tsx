// Choosing several people from a list, with a field that narrows it.
import { useDeferredValue, useId, useState } from 'react'
import { Avatar } from './avatar.tsx'
import { Checkbox } from './checkbox.tsx'
import styles from './people-picker.module.css'
import type { SignColor } from './sign-colors.ts'
import { TextField } from './text-field.tsx'
import { TwoLines } from './two-lines.tsx'

export interface Person {
  id: string
  name: string
  username: string
  color?: SignColor | undefined
  /** The hash of their picture. */
  avatar?: string | undefined
}

interface PeoplePickerProps {
  label: string
  searchLabel: string
  /** Said when nobody fits what was written. */
  nobodyFound: (text: string) => string
  /** In the order in which they are listed. */
  people: readonly Person[]
  /** Who fits what was written. */
  find: (people: readonly Person[], text: string) => readonly Person[]
  chosen: ReadonlySet<string>
  onChosen: (chosen: ReadonlySet<string>) => void
}

/** From this number on, a field to narrow the list is worth its place. */
const SEARCH_FROM = 6

export function PeoplePicker(props: PeoplePickerProps) {
  const { label, searchLabel, nobodyFound, people, find, chosen, onChosen } = props
  const id = useId()
  const [search, setSearch] = useState('')
  const found = find(people, useDeferredValue(search))
  const toggle = (id: string) => {
    const next = new Set(chosen)
    if (!next.delete(id)) next.add(id)
    onChosen(next)
  }
  return (
    <fieldset className={styles.picker}>
      <legend className={styles.legend}>{label}</legend>
      {people.length >= SEARCH_FROM && (
        <TextField
          labelHidden
          label={searchLabel}
          value={search}
          onValue={setSearch}
          type="search"
          autoComplete="off"
        />
      )}
      <ul className={styles.list}>
        {found.map((person) => (
          <li key={person.id} className={styles.item}>
            <label className={styles.person} htmlFor={`${id}-${person.id}`}>
              <Avatar id={person.id} name={person.name} color={person.color} picture={person.avatar} size={34} />
              <TwoLines name={person.name}>{person.username}</TwoLines>
              <Checkbox
                id={`${id}-${person.id}`}
                label={person.name}
                checked={chosen.has(person.id)}
                onChecked={() => toggle(person.id)}
              />
            </label>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className={styles.nobody}>{nobodyFound(search.trim())}</p>}
    </fieldset>
  )
}
