// The last screen of a first run: a room to begin with, or waiting for somebody else's.
import { useId, useState } from 'react'
import type { ReactNode } from 'react'
import { goToRoom } from '../../platform/hash-route.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Stage } from '../../ui/stage.tsx'
import styles from './dialogs.module.css'
import { RoomForm } from './room-form.tsx'

const STEPS = 3

interface FirstRoomProps {
  corner?: ReactNode
  /** A room was made, or the person would rather wait for an invitation. */
  onDone: () => void
  /** For owners of the relay. */
  onInvite: (() => void) | undefined
}

export function FirstRoom({ corner, onDone, onInvite }: FirstRoomProps) {
  const texts = useTexts()
  const formId = useId()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
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
          {onInvite && (
            <Button look="quiet" small onClick={onInvite}>
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
          kind="group"
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
    </Stage>
  )
}
