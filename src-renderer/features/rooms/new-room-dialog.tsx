// Beginning something: a group, an open room, a direct room, or notes to self. All of it works offline.
import { useDeferredValue, useId, useState } from 'react'
import { findPeople } from '../../search/people.ts'
import { useServices } from '../../services-context.tsx'
import { errorSentence } from '../../texts/errors.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { PeopleList } from '../../ui/people-list.tsx'
import { TextField } from '../../ui/text-field.tsx'
import styles from './dialogs.module.css'
import { RoomForm } from './room-form.tsx'
import { useOtherPeople } from './use-people.ts'

type Kind = 'group' | 'open' | 'direct' | 'notes'

/** `onMade` gets the room's id as soon as the outbox holds it. */
export function NewRoomDialog({ onClose, onMade }: { onClose: () => void; onMade: (roomId: string) => void }) {
  const texts = useTexts()
  const { newKind } = texts
  const { commands } = useServices().store
  const formId = useId()
  const [kind, setKind] = useState<Kind>('group')
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [problem, setProblem] = useState<unknown>()
  const named = kind === 'group' || kind === 'open'
  return (
    <Dialog
      title={texts.newRoom.title}
      closeLabel={texts.close}
      onClose={onClose}
      {...(kind === 'direct'
        ? {}
        : {
            actions: (
              <>
                {kind === 'group' && chosen.size > 0 && (
                  <p className={styles.chosen}>{texts.newRoom.chosen(chosen.size)}</p>
                )}
                <Button onClick={onClose}>{texts.cancel}</Button>
                {named ? (
                  <Button type="submit" form={formId} look="primary">
                    {texts.newRoom.create}
                  </Button>
                ) : (
                  <Button
                    look="primary"
                    onClick={() => {
                      commands.openNotes().then(onMade, setProblem)
                    }}
                  >
                    {newKind.openNotes}
                  </Button>
                )}
              </>
            )
          })}
    >
      <div className={classNames(styles.form, styles.kinds)}>
        <Choice
          label={newKind.label}
          labelHidden
          options={[
            { value: 'group', words: newKind.group },
            { value: 'open', words: newKind.open },
            { value: 'direct', words: newKind.direct },
            { value: 'notes', words: newKind.notes }
          ]}
          value={kind}
          onValue={(next) => {
            setKind(next)
            setProblem(undefined)
          }}
        />
        {kind === 'open' && <p className={styles.quiet}>{newKind.openText}</p>}
        {kind === 'direct' && <p className={styles.quiet}>{newKind.directText}</p>}
        {kind === 'notes' && <p>{newKind.notesText}</p>}
        {(kind === 'group' || kind === 'open') && (
          <RoomForm key={kind} id={formId} kind={kind} terms chosen={chosen} onChosen={setChosen} onMade={onMade} />
        )}
        {kind === 'direct' && (
          <WithWhom
            onChoose={(userId) => {
              commands.openDirect(userId).then(onMade, setProblem)
            }}
          />
        )}
        <div role="alert">
          {problem !== undefined && <p className={styles.problem}>{errorSentence(texts, problem)}</p>}
        </div>
      </div>
    </Dialog>
  )
}

function WithWhom({ onChoose }: { onChoose: (userId: string) => void }) {
  const texts = useTexts()
  const people = useOtherPeople()
  const [search, setSearch] = useState('')
  const wanted = useDeferredValue(search)
  if (people === null) return null
  if (people.length === 0) return <p className={styles.quiet}>{texts.directory.nobody}</p>
  const found = findPeople(people, wanted)
  return (
    <>
      <TextField
        labelHidden
        label={texts.newRoom.search}
        value={search}
        onValue={setSearch}
        type="search"
        autoComplete="off"
      />
      <PeopleList label={texts.directory.people} people={found} onChoose={({ id }) => onChoose(id)} />
      {found.length === 0 && <p className={styles.quiet}>{texts.newRoom.nobodyFound(wanted.trim())}</p>}
    </>
  )
}
