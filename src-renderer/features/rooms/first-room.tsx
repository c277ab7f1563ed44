// The last screen of a first run: a room to begin with, or waiting for somebody else's.
import { useId, useState } from 'react'
import type { ReactNode } from 'react'
import { goToRoom } from '../../platform/hash-route.ts'
import { useServices } from '../../services-context.tsx'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Stage } from '../../ui/stage.tsx'
import styles from './dialogs.module.css'
import { InviteDialog } from './invite-dialog.tsx'
import { RoomForm } from './room-form.tsx'

const STEPS = 3

/** `onDone`: a room was made, or the person would rather wait for an invitation. */
export function FirstRoom({ corner, onDone }: { corner?: ReactNode; onDone: () => void }) {
  const texts = useTexts()
  const { me } = useServices()
  const formId = useId()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [inviting, setInviting] = useState(false)
  return (
    <Stage
      product={texts.productName}
      tagline={texts.tagline}
      title={texts.firstRun.roomTitle}
      text={texts.firstRun.roomText}
      step={{ at: STEPS, of: STEPS, words: texts.firstRun.step(STEPS, STEPS) }}
      corner={corner}
      footer={
        <>
          {me.isOwner && (
            <Button look="quiet" small onClick={() => setInviting(true)}>
              {texts.rooms.invite}
            </Button>
          )}
          <Button look="quiet" small onClick={onDone}>
            {texts.firstRun.skip}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <RoomForm
          id={formId}
          chosen={chosen}
          onChosen={setChosen}
          onMade={(roomId) => {
            goToRoom(roomId)
            onDone()
          }}
        />
        <Button type="submit" form={formId} look="primary" wide>
          {texts.newRoom.create}
        </Button>
      </div>
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
    </Stage>
  )
}
