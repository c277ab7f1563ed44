// What a new room needs: a name and whom to take in. Works offline: the room waits in the outbox.
import { useState } from 'react'
import { useServices } from '../../services-context.tsx'
import { errorSentence } from '../../texts/errors.ts'
import { listPeople } from '../../texts/people.ts'
import { roomNameProblem } from '../../texts/room-name.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { PeoplePicker } from '../../ui/people-picker.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import styles from './dialogs.module.css'

interface RoomFormProps {
  /** For a button elsewhere that submits. */
  id: string
  chosen: ReadonlySet<string>
  onChosen: (chosen: ReadonlySet<string>) => void
  /** Gets the new room's id as soon as the outbox holds it. */
  onMade: (roomId: string) => void
}

export function RoomForm({ id, chosen, onChosen, onMade }: RoomFormProps) {
  const texts = useTexts()
  const { me, store } = useServices()
  const users = useObservable(() => store.queries.watchUsers(), [store])
  const [name, setName] = useState('')
  const [problem, setProblem] = useState<string>()
  const people = listPeople(users?.values() ?? [], new Set([me.userId]), texts.locale)

  const make = () => {
    const wrong = roomNameProblem(texts, name)
    setProblem(wrong)
    if (wrong !== undefined) return
    store.commands
      .createRoom(name.trim(), [...chosen])
      .then(onMade, (error: unknown) => setProblem(errorSentence(texts, error)))
  }

  return (
    <form
      id={id}
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        make()
      }}
    >
      <TextField
        label={texts.newRoom.name}
        placeholder={texts.newRoom.namePlaceholder}
        value={name}
        error={problem}
        autoComplete="off"
        onValue={(value) => {
          setName(value)
          setProblem(undefined)
        }}
      />
      {users !== undefined && people.length === 0 && <p className={styles.quiet}>{texts.newRoom.nobody}</p>}
      {people.length > 0 && (
        <PeoplePicker
          label={texts.newRoom.people}
          searchLabel={texts.newRoom.search}
          nobodyFound={texts.newRoom.nobodyFound}
          people={people}
          chosen={chosen}
          onChosen={onChosen}
        />
      )}
    </form>
  )
}
