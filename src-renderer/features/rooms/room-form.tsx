// What a new group or open room needs: a name, and by kind whom to take in or a topic. Works offline: the room waits in the outbox.
import { useState } from 'react'
import { findPeople } from '../../search/people.ts'
import { useServices } from '../../services-context.tsx'
import { errorSentence } from '../../texts/errors.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Choice } from '../../ui/choice.tsx'
import { PeoplePicker } from '../../ui/people-picker.tsx'
import styles from './dialogs.module.css'
import { NameField, TopicField, useRoomWords } from './room-fields.tsx'
import { useOtherPeople } from './use-people.ts'

interface RoomFormProps {
  /** For a button elsewhere that submits. */
  id: string
  kind: 'group' | 'open'
  /** Whether to ask who may write and what those who join later may read. */
  terms?: boolean
  chosen: ReadonlySet<string>
  onChosen: (chosen: ReadonlySet<string>) => void
  /** Gets the new room's id as soon as the outbox holds it. */
  onMade: (roomId: string) => void
}

export function RoomForm({ id, kind, terms = false, chosen, onChosen, onMade }: RoomFormProps) {
  const texts = useTexts()
  const { commands } = useServices().store
  const people = useOtherPeople()
  const words = useRoomWords({ name: '', topic: '' })
  const [history, setHistory] = useState<'all' | 'from-joining'>('all')
  const [writers, setWriters] = useState<'all' | 'admins'>('all')
  /** Why it could not be made. */
  const [problem, setProblem] = useState<unknown>()

  const make = () => {
    setProblem(undefined)
    const wanted = words.check()
    if (!wanted) return
    commands
      .createRoom(wanted.name, kind === 'group' ? [...chosen] : [], {
        kind,
        ...(wanted.topic === '' ? {} : { topic: wanted.topic }),
        ...(history === 'all' ? {} : { history }),
        ...(writers === 'all' ? {} : { writers })
      })
      .then(onMade, setProblem)
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
      <NameField words={words} problem={problem === undefined ? undefined : errorSentence(texts, problem)} />
      {kind === 'open' && <TopicField words={words} />}
      {kind === 'group' && people?.length === 0 && <p className={styles.quiet}>{texts.newRoom.nobody}</p>}
      {kind === 'group' && people !== null && people.length > 0 && (
        <PeoplePicker
          label={texts.newRoom.people}
          searchLabel={texts.newRoom.search}
          nobodyFound={texts.newRoom.nobodyFound}
          people={people}
          find={findPeople}
          chosen={chosen}
          onChosen={onChosen}
        />
      )}
      {terms && (
        <>
          <Choice
            label={texts.newKind.history}
            options={[
              { value: 'all', words: texts.newKind.historyAll },
              { value: 'from-joining', words: texts.newKind.historyFromJoining }
            ]}
            value={history}
            onValue={setHistory}
          />
          <Choice
            label={texts.newKind.writers}
            options={[
              { value: 'all', words: texts.newKind.writersAll },
              { value: 'admins', words: texts.newKind.writersAdmins }
            ]}
            value={writers}
            onValue={setWriters}
          />
        </>
      )}
    </form>
  )
}
