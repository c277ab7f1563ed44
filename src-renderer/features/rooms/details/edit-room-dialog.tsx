// How a room presents itself: name, topic and picture. Works offline: what changed waits in the outbox.
import { useState } from 'react'
import { MAX_AVATAR_BYTES } from '../../../../protocol/limits.ts'
import { pictureUrl, usePictureFile } from '../../../platform/use-picture-file.ts'
import { useServices } from '../../../services-context.tsx'
import type { RoomSummary } from '../../../store/chat-store.ts'
import { errorSentence } from '../../../texts/errors.ts'
import { useTexts } from '../../../texts/texts-context.tsx'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { PictureField } from '../../../ui/picture-field.tsx'
import { RoomAvatar } from '../../../ui/room-avatar.tsx'
import { NameField, TopicField, useRoomWords } from '../room-fields.tsx'
import styles from './details.module.css'

const FORM_ID = 'edit-room'

interface EditRoomDialogProps {
  room: RoomSummary
  onClose: () => void
  /** Saved, or given up, where there is a way back. */
  onBack?: () => void
}

export function EditRoomDialog({ room, onClose, onBack = onClose }: EditRoomDialogProps) {
  const texts = useTexts()
  const { commands } = useServices().store
  const words = useRoomWords({ name: room.name, topic: room.topic ?? '' })
  const [unsaved, setUnsaved] = useState<unknown>()
  const { picture, problem, take, remove } = usePictureFile(MAX_AVATAR_BYTES)
  const shown = picture === undefined ? room.avatar : picture === null ? undefined : pictureUrl(picture)

  const save = async () => {
    setUnsaved(undefined)
    const wanted = words.check()
    if (!wanted) return
    const { name, topic } = wanted
    const changedTopic = topic === (room.topic ?? '') ? {} : { topic: topic === '' ? null : topic }
    const change = { ...changedTopic, ...(picture === undefined ? {} : { avatar: picture }) }
    try {
      if (name !== room.name) await commands.renameRoom(room.id, name)
      if (Object.keys(change).length > 0) await commands.changeRoom(room.id, change)
    } catch (error) {
      setUnsaved(error)
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
        <NameField words={words} />
        <TopicField words={words} />
        <PictureField
          label={texts.picture.label}
          chooseLabel={texts.picture.choose}
          removeLabel={texts.picture.remove}
          hint={texts.picture.hint}
          preview={
            <RoomAvatar
              room={{ id: room.id, avatar: shown }}
              title={words.name.trim() === '' ? room.name : words.name}
              size={72}
            />
          }
          removable={shown !== undefined}
          problem={problem && texts.picture.problems[problem]}
          onFile={take}
          onRemove={remove}
        />
        <div role="alert">
          {unsaved !== undefined && <p className={styles.problem}>{errorSentence(texts, unsaved)}</p>}
        </div>
      </form>
    </Dialog>
  )
}
