// The question before one leaves a room.
import { useId, useState } from 'react'
import { useServices } from '../../../services-context.tsx'
import type { RoomSummary } from '../../../store/chat-store.ts'
import { errorSentence } from '../../../texts/errors.ts'
import { roomTitle } from '../../../texts/room-title.ts'
import { useTexts } from '../../../texts/texts-context.tsx'
import { Checkbox } from '../../../ui/checkbox.tsx'
import { Confirm } from '../../../ui/confirm.tsx'
import styles from './details.module.css'

interface LeaveDialogProps {
  room: RoomSummary
  /** Left, or given up where there is no way back. */
  onClose: () => void
  onBack?: () => void
}

export function LeaveDialog({ room, onClose, onBack = onClose }: LeaveDialogProps) {
  const texts = useTexts()
  const { details, members } = texts
  const { commands } = useServices().store
  const id = useId()
  const [quietly, setQuietly] = useState(false)
  return (
    <Confirm
      title={members.leaveTitle(roomTitle(texts, room))}
      closeLabel={texts.close}
      cancelLabel={texts.cancel}
      actLabel={members.leave}
      act={async () => commands.leaveRoom(room.id, quietly ? { quietly } : {})}
      sentenceOf={(error) => errorSentence(texts, error)}
      onDone={onClose}
      onCancel={onBack}
      onClose={onClose}
    >
      <p>{members.leaveText}</p>
      {room.role === 'owner' && room.closedAt === null && <p>{details.ownerLeaves}</p>}
      <div className={styles.choice}>
        <Checkbox id={id} label={details.quietly} checked={quietly} onChecked={setQuietly} />
        <label htmlFor={id}>
          {details.quietly}
          <span className={styles.quiet}> {details.quietlyHint}</span>
        </label>
      </div>
    </Confirm>
  )
}
