// Who is in a room, what holds there, and what the person may change of it. Works offline: every change waits in the outbox.
import { useState } from 'react'
import { mayRemove } from '../../../../protocol/permissions.ts'
import { useServices } from '../../../services-context.tsx'
import type { RoomDetails } from '../../../store/chat-store.ts'
import { errorSentence } from '../../../texts/errors.ts'
import { roomTitle } from '../../../texts/room-title.ts'
import { useTexts } from '../../../texts/texts-context.tsx'
import { Button } from '../../../ui/button.tsx'
import { Confirm } from '../../../ui/confirm.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { useObservable } from '../../../ui/use-observable.ts'
import { AddPeopleDialog } from './add-people-dialog.tsx'
import { BannedList } from './banned-list.tsx'
import styles from './details.module.css'
import { EditRoomDialog } from './edit-room-dialog.tsx'
import { LeaveDialog } from './leave-dialog.tsx'
import { MemberList } from './member-list.tsx'
import type { MemberAct } from './member-list.tsx'
import { RoomFacts } from './room-facts.tsx'

interface DetailsDialogProps {
  roomId: string
  onClose: () => void
}

type Step = 'overview' | 'edit' | 'add' | 'leave' | 'close' | MemberAct

export function DetailsDialog({ roomId, onClose }: DetailsDialogProps) {
  const { queries } = useServices().store
  const room = useObservable(() => queries.watchRoomDetails(roomId), [queries, roomId])
  return room ? <Details room={room} onClose={onClose} /> : null
}

function Details({ room, onClose }: { room: RoomDetails; onClose: () => void }) {
  const texts = useTexts()
  const { details, members } = texts
  const { commands } = useServices().store
  const [step, setStep] = useState<Step>('overview')
  const [problem, setProblem] = useState<unknown>()
  const back = () => setStep('overview')
  const attempt = (done: Promise<unknown>) => {
    setProblem(undefined)
    done.catch(setProblem)
  }
  const question = {
    closeLabel: texts.close,
    cancelLabel: texts.cancel,
    sentenceOf: (error: unknown) => errorSentence(texts, error),
    onDone: back,
    onCancel: back,
    onClose
  }

  if (step === 'edit') return <EditRoomDialog room={room} onClose={onClose} onBack={back} />
  if (step === 'add') return <AddPeopleDialog room={room} onClose={onClose} onBack={back} />
  if (step === 'leave') return <LeaveDialog room={room} onClose={onClose} onBack={back} />
  if (step === 'close') {
    return (
      <Confirm
        {...question}
        title={details.closeTitle(roomTitle(texts, room))}
        actLabel={details.close}
        act={async () => commands.closeRoom(room.id)}
        onDone={onClose}
      >
        <p>{details.closeText}</p>
      </Confirm>
    )
  }
  if (typeof step === 'object') {
    const { id, name } = step.person
    const asked = {
      remove: {
        title: members.removeTitle(name),
        text: members.removeText,
        actLabel: members.remove,
        act: async () => commands.removeMember(room.id, id)
      },
      ban: {
        title: details.banTitle(name),
        text: details.banText,
        actLabel: details.ban,
        act: async () => commands.setBan(room.id, id, true)
      },
      'hand-over': {
        title: details.handOverTitle(name),
        text: details.handOverText,
        actLabel: details.handOver,
        act: async () => commands.setRole(room.id, id, 'owner')
      }
    }[step.name]
    return (
      <Confirm {...question} title={asked.title} actLabel={asked.actLabel} act={asked.act}>
        <p>{asked.text}</p>
      </Confirm>
    )
  }

  const { may } = room
  return (
    <Dialog
      title={details.title}
      closeLabel={texts.close}
      onClose={onClose}
      {...(may.leave || may.close || may.add
        ? {
            actions: (
              <>
                {may.leave && (
                  <Button look="danger" icon="leave" onClick={() => setStep('leave')}>
                    {members.leave}
                  </Button>
                )}
                {may.add && (
                  <Button look="primary" icon="plus" onClick={() => setStep('add')}>
                    {members.add}
                  </Button>
                )}
              </>
            )
          }
        : {})}
    >
      <div className={styles.overview}>
        <RoomFacts
          room={room}
          onEdit={() => setStep('edit')}
          onWriters={(writers) => attempt(commands.changeRoom(room.id, { writers }))}
        />
        <div role="alert">
          {problem !== undefined && <p className={styles.problem}>{errorSentence(texts, problem)}</p>}
        </div>
        <MemberList
          room={room}
          mayRemove={(role) => mayRemove(may, role)}
          onAct={setStep}
          onRole={(userId, role) => attempt(commands.setRole(room.id, userId, role))}
          onLeft={onClose}
        />
        {may.remove !== 'nobody' && room.bannedIds.length > 0 && (
          <BannedList userIds={room.bannedIds} onLift={(userId) => attempt(commands.setBan(room.id, userId, false))} />
        )}
        {may.close && (
          <div className={styles.end}>
            <Button look="danger" small onClick={() => setStep('close')}>
              {details.close}
            </Button>
          </div>
        )}
      </div>
    </Dialog>
  )
}
