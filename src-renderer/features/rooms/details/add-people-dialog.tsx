// Taking people into a room.
import { useState } from 'react'
import { findPeople } from '../../../search/people.ts'
import { useServices } from '../../../services-context.tsx'
import type { RoomDetails } from '../../../store/chat-store.ts'
import { errorSentence } from '../../../texts/errors.ts'
import { useTexts } from '../../../texts/texts-context.tsx'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { PeoplePicker } from '../../../ui/people-picker.tsx'
import { useOtherPeople } from '../use-people.ts'
import styles from './details.module.css'

interface AddPeopleDialogProps {
  room: RoomDetails
  onClose: () => void
  /** Added, or given up. */
  onBack: () => void
}

/** Who is in it already, or banned, is not listed. */
export function AddPeopleDialog({ room, onClose, onBack }: AddPeopleDialogProps) {
  const texts = useTexts()
  const { commands } = useServices().store
  const others = useOtherPeople()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [problem, setProblem] = useState<unknown>()
  const out = new Set([...room.members.map(({ userId }) => userId), ...room.bannedIds])
  const people = others?.filter(({ id }) => !out.has(id)) ?? []
  return (
    <Dialog
      title={texts.members.add}
      closeLabel={texts.close}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onBack}>{texts.cancel}</Button>
          {people.length > 0 && (
            <Button
              look="primary"
              disabled={chosen.size === 0}
              onClick={() => {
                commands.addMembers(room.id, [...chosen]).then(onBack, setProblem)
              }}
            >
              {texts.members.addChosen(chosen.size)}
            </Button>
          )}
        </>
      }
    >
      {others !== null && people.length === 0 && <p>{texts.members.everyone}</p>}
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
      <div role="alert">
        {problem !== undefined && <p className={styles.problem}>{errorSentence(texts, problem)}</p>}
      </div>
    </Dialog>
  )
}
