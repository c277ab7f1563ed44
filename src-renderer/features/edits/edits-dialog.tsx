// What a message said before it was edited, as the relay keeps it [S13.1]. Keeps nothing on the device.
import { useEffect, useState } from 'react'
import type { FormerText } from '../../../protocol/rest.ts'
import { useServices } from '../../services-context.tsx'
import { errorSentence } from '../../texts/errors.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import styles from './edits-dialog.module.css'

interface EditsDialogProps {
  roomId: string
  messageId: string
  onClose: () => void
}

export function EditsDialog({ roomId, messageId, onClose }: EditsDialogProps) {
  const texts = useTexts()
  const { findEdits } = useServices()
  const [edits, setEdits] = useState<readonly FormerText[]>()
  const [problem, setProblem] = useState<unknown>()
  useEffect(() => {
    let wanted = true
    findEdits(roomId, messageId).then(
      (found) => wanted && setEdits(found),
      (error: unknown) => wanted && setProblem(error)
    )
    return () => {
      wanted = false
    }
  }, [findEdits, roomId, messageId])
  return (
    <Dialog title={texts.timeline.editHistory} closeLabel={texts.close} onClose={onClose}>
      <div role="alert">{problem !== undefined && <p>{errorSentence(texts, problem)}</p>}</div>
      {edits?.length === 0 && <p>{texts.timeline.noEdits}</p>}
      {edits && edits.length > 0 && (
        <ol className={styles.list}>
          {edits.toReversed().map(({ body, writtenAt }, index) => (
            <li key={edits.length - index}>
              <time className={styles.time} dateTime={writtenAt}>
                {texts.dates.day(writtenAt)} {texts.dates.time(writtenAt)}
              </time>
              <p className={styles.body}>{body}</p>
            </li>
          ))}
        </ol>
      )}
    </Dialog>
  )
}
