// A sentence that somebody has to read before going on.
import { Dialog } from './dialog.tsx'

interface NoteDialogProps {
  title: string
  words: string
  closeLabel: string
  onClose: () => void
}

export function NoteDialog({ title, words, closeLabel, onClose }: NoteDialogProps) {
  return (
    <Dialog title={title} closeLabel={closeLabel} onClose={onClose}>
      <p>{words}</p>
    </Dialog>
  )
}
