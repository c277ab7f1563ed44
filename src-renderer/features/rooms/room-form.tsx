// What a new group or open room needs: a name, and by kind whom to take in or a topic. Works offline: the room waits in the outbox.
import { useState } from 'react'
import { findPeople } from '../../search/people.ts'
import { useServices } from '../../services-context.tsx'
import { errorSentence } from '../../texts/errors.ts'
import { roomNameProblem, topicProblem } from '../../texts/room-name.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Choice } from '../../ui/choice.tsx'
import { PeoplePicker } from '../../ui/people-picker.tsx'
import { TextField } from '../../ui/text-field.tsx'
import styles from './dialogs.module.css'
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

interface Problems {
  name?: string | undefined
  topic?: string | undefined
}

export function RoomForm({ id, kind, terms = false, chosen, onChosen, onMade }: RoomFormProps) {
  const texts = useTexts()
  const { commands } = useServices().store
  const people = useOtherPeople()
  const [name, setName] = useState('')
  const [topic, setTopic] = useState('')
  const [history, setHistory] = useState<'all' | 'from-joining'>('all')
  const [writers, setWriters] = useState<'all' | 'admins'>('all')
  const [problems, setProblems] = useState<Problems>({})

  const make = () => {
    const wrong = { name: roomNameProblem(texts, name), topic: topicProblem(texts, topic) }
    setProblems(wrong)
    if (wrong.name !== undefined || wrong.topic !== undefined) return
    commands
      .createRoom(name.trim(), kind === 'group' ? [...chosen] : [], {
        kind,
        ...(topic.trim() === '' ? {} : { topic: topic.trim() }),
        ...(history === 'all' ? {} : { history }),
        ...(writers === 'all' ? {} : { writers })
      })
      .then(onMade, (error: unknown) => setProblems({ name: errorSentence(texts, error) }))
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
        error={problems.name}
        autoComplete="off"
        onValue={(value) => {
          setName(value)
          setProblems({ ...problems, name: undefined })
        }}
      />
      {kind === 'open' && (
        <TextField
          label={texts.newKind.topic}
          placeholder={texts.newKind.topicPlaceholder}
          value={topic}
          error={problems.topic}
          autoComplete="off"
          onValue={(value) => {
            setTopic(value)
            setProblems({ ...problems, topic: undefined })
          }}
        />
      )}
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
