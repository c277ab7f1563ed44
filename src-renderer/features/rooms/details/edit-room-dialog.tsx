// How a room presents itself: name, topic and picture. Works offline: what changed waits in the outbox.
import { useState } from 'react'
import { MAX_AVATAR_BYTES } from '../../../../protocol/limits.ts'
import { pictureUrl, usePictureFile } from '../../../platform/use-picture-file.ts'
import { useServices } from '../../../services-context.tsx'
import type { RoomSummary } from '../../../store/chat-store.ts'
import { errorSentence } from '../../../texts/errors.ts'
import { roomNameProblem, topicProblem } from '../../../texts/room-name.ts'
import { useTexts } from '../../../texts/texts-context.tsx'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { PictureField } from '../../../ui/picture-field.tsx'
import { RoomAvatar } from '../../../ui/room-avatar.tsx'
import { TextField } from '../../../ui/text-field.tsx'
import styles from './details.module.css'

const FORM_ID = 'edit-room'

interface Problems {
  name?: string | undefined
  topic?: string | undefined
  other?: unknown
}

interface EditRoomDialogProps {
  room: RoomSummary
  onClose: () => void
  /** Saved, or given up, where there is a way back. */
  onBack?: () => void
}

export function EditRoomDialog({ room, onClose, onBack = onClose }: EditRoomDialogProps) {
  const texts = useTexts()
  const { commands } = useServices().store
  const [name, setName] = useState(room.name)
  const [topic, setTopic] = useState(room.topic ?? '')
  const [problems, setProblems] = useState<Problems>({})
  const { picture, problem, take, remove } = usePictureFile(MAX_AVATAR_BYTES)
  const shown = picture === undefined ? room.avatar : picture === null ? undefined : pictureUrl(picture)

  const save = async () => {
    const wrong = { name: roomNameProblem(texts, name), topic: topicProblem(texts, topic) }
    setProblems(wrong)
    if (wrong.name !== undefined || wrong.topic !== undefined) return
    const changedTopic = topic.trim() === (room.topic ?? '') ? {} : { topic: topic.trim() === '' ? null : topic.trim() }
    const change = { ...changedTopic, ...(picture === undefined ? {} : { avatar: picture }) }
    try {
      if (name.trim() !== room.name) await commands.renameRoom(room.id, name.trim())
      if (Object.keys(change).length > 0) await commands.changeRoom(room.id, change)
    } catch (error) {
      setProblems({ other: error })
      return
    }
    onBack()
  }

  return (
    <Dialog
      title={texts.details.editTitle}
      closeLabel={texts.close}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onBack}>{texts.cancel}</Button>
          <Button look="primary" type="submit" form={FORM_ID}>
            {texts.save}
          </Button>
        </>
      }
    >
      <form
        id={FORM_ID}
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <TextField
          label={texts.newRoom.name}
          value={name}
          error={problems.name}
          autoComplete="off"
          onValue={(value) => {
            setName(value)
            setProblems({ ...problems, name: undefined })
          }}
        />
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
        <PictureField
          label={texts.picture.label}
          chooseLabel={texts.picture.choose}
          removeLabel={texts.picture.remove}
          hint={texts.picture.hint}
          preview={
            <RoomAvatar room={{ id: room.id, avatar: shown }} title={name.trim() === '' ? room.name : name} size={72} />
          }
          removable={shown !== undefined}
          problem={problem && texts.picture.problems[problem]}
          onFile={take}
          onRemove={remove}
        />
        <div role="alert">
          {problems.other !== undefined && <p className={styles.problem}>{errorSentence(texts, problems.other)}</p>}
        </div>
      </form>
    </Dialog>
  )
}
