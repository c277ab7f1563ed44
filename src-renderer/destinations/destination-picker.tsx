// A field and the rooms and people that it finds, led through by keys. What becomes of a chosen one is its owner's.
import { useDeferredValue, useId, useMemo, useState } from 'react'
import type { KeyboardEvent } from 'react'
import { UNREAD_CAP } from '../store/chat-store.ts'
import { useTexts } from '../texts/texts-context.tsx'
import { Icon } from '../ui/icon.tsx'
import { comboboxProps, Listbox, Option, stepInList } from '../ui/listbox.tsx'
import { RoomAvatar } from '../ui/room-avatar.tsx'
import { TextField } from '../ui/text-field.tsx'
import { VisuallyHidden } from '../ui/visually-hidden.tsx'
import styles from './destination-picker.module.css'
import { found } from './found.ts'
import type { Visits } from './found.ts'
import type { Destination } from './use-destinations.ts'

interface DestinationPickerProps extends Visits {
  /** Of the list. */
  label: string
  /** Said below while something is found. */
  hint: string
  destinations: readonly Destination[]
  /** Where several can be chosen: those that are, by id. */
  chosen?: ReadonlySet<string>
  onPick: (destination: Destination) => void
}

export function DestinationPicker({ label, hint, destinations, chosen, onPick, ...visits }: DestinationPickerProps) {
  const texts = useTexts()
  const id = useId()
  const [query, setQuery] = useState('')
  const sought = useDeferredValue(query)
  const [active, setActive] = useState(0)
  const { visited, currentId } = visits
  const shown = useMemo(
    () => found(destinations, sought, { visited, currentId }),
    [destinations, sought, visited, currentId]
  )

  const seekFor = (value: string) => {
    setQuery(value)
    setActive(0)
  }
  const pick = (destination: Destination | undefined) => {
    if (!destination) return
    // The next one is sought anew.
    if (chosen && query !== '') seekFor('')
    onPick(destination)
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter') {
      event.preventDefault()
      // What is drawn may be a word behind: who types and presses Enter means what was typed.
      pick((sought === query ? shown : found(destinations, query, { visited, currentId }))[active])
      return
    }
    const to = stepInList(active, shown.length, event.key)
    if (to === null) return
    event.preventDefault()
    setActive(to)
    document.getElementById(`${id}-${to}`)?.scrollIntoView({ block: 'nearest' })
  }

  return (
    <div className={styles.picker} data-several={chosen !== undefined}>
      <TextField
        labelHidden
        label={texts.switcher.search}
        value={query}
        onValue={seekFor}
        onKeyDown={onKeyDown}
        autoComplete="off"
        {...comboboxProps(id, true, shown.length === 0 ? null : active)}
      />
      <Listbox id={id} label={label} className={styles.list} several={chosen !== undefined}>
        {shown.map((each, index) => (
          <Option
            key={each.id}
            id={`${id}-${index}`}
            className={styles.row}
            selected={chosen ? chosen.has(each.id) : index === active}
            data-active={index === active}
            onPointerMove={() => {
              if (index !== active) setActive(index)
            }}
            onClick={() => pick(each)}
          >
            <RoomAvatar room={each.room ?? { id: each.id }} title={each.title} person={each.person} size={32} />
            <span className={styles.title} data-unread={!chosen && (each.room?.unread ?? 0) > 0}>
              {each.title}
            </span>
            <span className={styles.quiet}>{each.quiet}</span>
            {chosen ? (
              <span className={styles.tick} data-set={chosen.has(each.id)}>
                {chosen.has(each.id) && <Icon name="check" size={16} />}
              </span>
            ) : (
              each.room && each.room.unread > 0 && <Unread count={each.room.unread} />
            )}
          </Option>
        ))}
      </Listbox>
      <output className={styles.note}>
        {sought.trim() !== '' && shown.length === 0 ? texts.switcher.nothingFound(sought.trim()) : hint}
      </output>
    </div>
  )
}

function Unread({ count }: { count: number }) {
  const texts = useTexts()
  const words = count >= UNREAD_CAP ? `${UNREAD_CAP - 1}+` : String(count)
  return (
    <>
      <span className={styles.unread} aria-hidden>
        {words}
      </span>
      <VisuallyHidden>{texts.switcher.unread(words)}</VisuallyHidden>
    </>
  )
}
