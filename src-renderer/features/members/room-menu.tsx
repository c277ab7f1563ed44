// What can be done with a room as a whole: rename it, pin it, mute it.
import { useState } from 'react'
import { useNow } from '../../platform/use-now.ts'
import { useServices } from '../../services-context.tsx'
import { isMuted, MUTED_FOR_GOOD } from '../../store/chat-store.ts'
import type { RoomSummary } from '../../store/chat-store.ts'
import { errorSentence } from '../../texts/errors.ts'
import { roomNameProblem } from '../../texts/room-name.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { TextField } from '../../ui/text-field.tsx'
import styles from './members-dialog.module.css'

const CLOCK_EVERY_MS = 60_000

export function RoomMenu({ room, onMembers }: { room: RoomSummary; onMembers: () => void }) {
  const texts = useTexts()
  const { commands } = useServices().store
  const [anchor, setAnchor] = useState<Element | null>(null)
  const [renaming, setRenaming] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const muted = isMuted(room, useNow(CLOCK_EVERY_MS))
  return (
    <>
      <IconButton
        icon="more"
        label={texts.room.menu}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        onClick={({ currentTarget }) => setAnchor(currentTarget)}
      />
      {anchor && (
        <Menu label={texts.room.menu} anchor={anchor} align="end" onClose={() => setAnchor(null)}>
          <MenuItem icon="people" onClick={onMembers}>
            {texts.members.title}
          </MenuItem>
          {room.joined && (
            <MenuItem icon="edit" onClick={() => setRenaming(true)}>
              {texts.room.rename}
            </MenuItem>
          )}
          <MenuItem
            icon="pin"
            onClick={() => {
              commands.setPinned(room.id, !room.pinned).catch(setProblem)
            }}
          >
            {room.pinned ? texts.room.unpin : texts.room.pin}
          </MenuItem>
          <MenuItem
            icon={muted ? 'bell' : 'mute'}
            onClick={() => {
              commands.setMuted(room.id, muted ? null : MUTED_FOR_GOOD).catch(setProblem)
            }}
          >
            {muted ? texts.room.unmute : texts.room.mute}
          </MenuItem>
        </Menu>
      )}
      {renaming && <RenameDialog room={room} onClose={() => setRenaming(false)} />}
      {problem !== undefined && (
        <Dialog title={texts.room.menu} closeLabel={texts.close} onClose={() => setProblem(undefined)}>
          <p role="alert">{errorSentence(texts, problem)}</p>
        </Dialog>
      )}
    </>
  )
}

const FORM_ID = 'rename-room'

function RenameDialog({ room, onClose }: { room: RoomSummary; onClose: () => void }) {
  const texts = useTexts()
  const { commands } = useServices().store
  const [name, setName] = useState(room.name)
  const [problem, setProblem] = useState<string>()
  const rename = () => {
    const wrong = roomNameProblem(texts, name)
    setProblem(wrong)
    if (wrong !== undefined) return
    commands.renameRoom(room.id, name.trim()).then(onClose, (error: unknown) => setProblem(errorSentence(texts, error)))
  }
  return (
    <Dialog
      title={texts.room.rename}
      closeLabel={texts.close}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{texts.cancel}</Button>
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
          rename()
        }}
      >
        <TextField
          label={texts.newRoom.name}
          value={name}
          error={problem}
          autoComplete="off"
          onValue={(value) => {
            setName(value)
            setProblem(undefined)
          }}
        />
      </form>
    </Dialog>
  )
}
