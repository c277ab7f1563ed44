// Making a room.
import { useId, useState } from 'react'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import styles from './dialogs.module.css'
import { RoomForm } from './room-form.tsx'

/** `onMade` gets the new room's id as soon as the outbox holds it. */
export function NewRoomDialog({ onClose, onMade }: { onClose: () => void; onMade: (roomId: string) => void }) {
  const texts = useTexts()
  const formId = useId()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  return (
    <Dialog
      title={texts.newRoom.title}
      closeLabel={texts.close}
      onClose={onClose}
      actions={
        <>
          {chosen.size > 0 && <p className={styles.chosen}>{texts.newRoom.chosen(chosen.size)}</p>}
          <Button onClick={onClose}>{texts.cancel}</Button>
          <Button type="submit" form={formId} look="primary">
            {texts.newRoom.create}
          </Button>
        </>
      }
    >
      <RoomForm id={formId} chosen={chosen} onChosen={setChosen} onMade={onMade} />
    </Dialog>
  )
}
