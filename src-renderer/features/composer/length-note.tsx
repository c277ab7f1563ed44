// Above the field: how much room is left, that a text is too long and what to do about it, or why words are back.
import { useMemo } from 'react'
import type { RefObject } from 'react'
import { MAX_BODY_CHARS } from '../../../protocol/limits.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import styles from './composer.module.css'
import { splitText } from './long-text.ts'
import type { Look } from './use-writing.ts'

/** From this many characters before the limit on, what is left is told. */
const NEAR_LIMIT_CHARS = 500

interface LengthNoteProps {
  id: string
  look: Look
  field: RefObject<HTMLTextAreaElement | null>
  /** Undefined where the words must stay one message. */
  onSendInPieces: (() => void) | undefined
}

export function LengthNote({ id, look, field, onSendInPieces }: LengthNoteProps) {
  const { composer } = useTexts()
  const over = look.chars - MAX_BODY_CHARS
  const pieces = useMemo(
    () => (over > 0 ? splitText((field.current?.value ?? '').normalize('NFC'), MAX_BODY_CHARS).length : 0),
    [over, field]
  )
  const note = look.back
    ? { failed: composer.failed, deleted: composer.editedDeleted }[look.back]
    : over > 0
      ? composer.overLimit(over, MAX_BODY_CHARS)
      : -over <= NEAR_LIMIT_CHARS
        ? composer.nearLimit(-over)
        : undefined
  return (
    <div className={styles.notes}>
      <div id={id} aria-live="polite">
        {note !== undefined && <span className={over > 0 || look.back ? styles.problem : styles.note}>{note}</span>}
      </div>
      {over > 0 && onSendInPieces && (
        <Button small onClick={onSendInPieces}>
          {composer.sendInPieces(pieces)}
        </Button>
      )}
    </div>
  )
}
