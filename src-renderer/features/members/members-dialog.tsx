// Who is in a room; taking people in, and leaving it. Works offline: both wait in the outbox.
import { useState } from 'react'
import { useServices } from '../../services-context.tsx'
import type { RoomMember, RoomSummary } from '../../store/chat-store.ts'
import { errorSentence } from '../../texts/errors.ts'
import { listPeople } from '../../texts/people.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { PeoplePicker } from '../../ui/people-picker.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import styles from './members-dialog.module.css'

interface MembersDialogProps {
  room: RoomSummary
  members: readonly RoomMember[]
  onClose: () => void
}

type Step = 'list' | 'add' | 'leave' | { remove: { id: string; name: string } }

export function MembersDialog({ room, members, onClose }: MembersDialogProps) {
  const texts = useTexts()
  const { me, store } = useServices()
  const users = useObservable(() => store.queries.watchUsers(), [store])
  const [step, setStep] = useState<Step>('list')
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [problem, setProblem] = useState<string>()
  const inside = new Set(members.map(({ userId }) => userId))
  const pending = new Map(members.map(({ userId, pending: change }) => [userId, change]))
  const everyone = users ? [...users.values()] : []
  const owners = new Set(members.filter(({ role }) => role === 'owner').map(({ userId }) => userId))
  const people = listPeople(
    everyone.filter(({ id }) => inside.has(id)),
    new Set(),
    texts.locale
  )
  const addable = listPeople(everyone, inside, texts.locale)
  const failed = (error: unknown) => setProblem(errorSentence(texts, error))
  const alert = <div role="alert">{problem !== undefined && <p className={styles.problem}>{problem}</p>}</div>

  if (step === 'leave') {
    return (
      <Dialog
        title={texts.members.leaveTitle(room.name)}
        closeLabel={texts.close}
        onClose={onClose}
        actions={
          <>
            <Button onClick={() => setStep('list')}>{texts.cancel}</Button>
            <Button
              look="danger"
              onClick={() => {
                store.commands.leaveRoom(room.id).then(onClose, failed)
              }}
            >
              {texts.members.leave}
            </Button>
          </>
        }
      >
        <p>{texts.members.leaveText}</p>
        {alert}
      </Dialog>
    )
  }

  if (typeof step === 'object') {
    const { id, name } = step.remove
    return (
      <Dialog
        title={texts.members.removeTitle(name)}
        closeLabel={texts.close}
        onClose={onClose}
        actions={
          <>
            <Button onClick={() => setStep('list')}>{texts.cancel}</Button>
            <Button
              look="danger"
              onClick={() => {
                store.commands.removeMember(room.id, id).then(() => setStep('list'), failed)
              }}
            >
              {texts.members.remove}
            </Button>
          </>
        }
      >
        <p>{texts.members.removeText}</p>
        {alert}
      </Dialog>
    )
  }

  if (step === 'add') {
    return (
      <Dialog
        title={texts.members.add}
        closeLabel={texts.close}
        onClose={onClose}
        actions={
          <>
            <Button onClick={() => setStep('list')}>{texts.cancel}</Button>
            {addable.length > 0 && (
              <Button
                look="primary"
                disabled={chosen.size === 0}
                onClick={() => {
                  store.commands.addMembers(room.id, [...chosen]).then(onClose, failed)
                }}
              >
                {texts.members.addChosen(chosen.size)}
              </Button>
            )}
          </>
        }
      >
        {addable.length === 0 ? (
          <p>{texts.members.everyone}</p>
        ) : (
          <PeoplePicker
            label={texts.newRoom.people}
            searchLabel={texts.newRoom.search}
            nobodyFound={texts.newRoom.nobodyFound}
            people={addable}
            chosen={chosen}
            onChosen={setChosen}
          />
        )}
        {alert}
      </Dialog>
    )
  }

  return (
    <Dialog
      title={texts.members.title}
      closeLabel={texts.close}
      onClose={onClose}
      {...(room.joined
        ? {
            actions: (
              <>
                <Button look="danger" icon="leave" onClick={() => setStep('leave')}>
                  {texts.members.leave}
                </Button>
                <Button look="primary" icon="plus" onClick={() => setStep('add')}>
                  {texts.members.add}
                </Button>
              </>
            )
          }
        : {})}
    >
      <ul className={styles.list}>
        {people.map((person) => (
          <li key={person.id} className={styles.person}>
            <Avatar id={person.id} name={person.name} color={person.color} size={36} />
            <span className={styles.about}>
              <span className={styles.name}>{person.name}</span>
              {person.id === me.userId && <span className={styles.mark}>{texts.you}</span>}
              {owners.has(person.id) && <span className={styles.mark}>{texts.members.owner}</span>}
              {pending.get(person.id) && (
                <Icon
                  name="clock"
                  size={15}
                  label={pending.get(person.id) === 'adding' ? texts.members.adding : texts.members.removing}
                />
              )}
            </span>
            {room.joined && owners.has(me.userId) && person.id !== me.userId && !pending.get(person.id) && (
              <IconButton
                icon="close"
                label={texts.members.removeLabel(person.name)}
                onClick={() => setStep({ remove: { id: person.id, name: person.name } })}
              />
            )}
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
