// Where a message is written. Never disabled; what is typed is a draft at once, and a message as soon as it is sent.
import { useCallback, useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import { MAX_BODY_CHARS } from '../../../protocol/limits.ts'
import { useServices } from '../../services-context.tsx'
import { useTexts } from '../../texts/texts-context.tsx'
import { IconButton } from '../../ui/button.tsx'
import styles from './composer.module.css'
import { draftKeeper } from './draft-keeper.ts'
import { useEnterToSend } from './use-enter-to-send.ts'

/** From this many characters before the limit on, what is left is told. */
const NEAR_LIMIT_CHARS = 500

interface Look {
  /** Of what would be sent. */
  chars: number
  blank: boolean
  /** The last message could not be stored. */
  failed: boolean
}

/** For one room as long as it is mounted: give it the room's id as its key. */
export function Composer({ roomId }: { roomId: string }) {
  const texts = useTexts()
  const { commands, queries } = useServices().store
  const field = useRef<HTMLTextAreaElement>(null)
  /** What is written. The field follows it, and it outlives the field: an answer may come after the room was left. */
  const text = useRef('')
  /** Whether the person has begun to write: from then on no stored draft may come in between. */
  const touched = useRef(false)
  const [keeper] = useState(() => draftKeeper((draft) => commands.saveDraft(roomId, draft)))
  const [look, setLook] = useState<Look>({ chars: 0, blank: true, failed: false })
  const notesId = useId()

  const write = useCallback((written: string, failed = false) => {
    text.current = written
    if (field.current && field.current.value !== written) field.current.value = written
    if (field.current) fitHeight(field.current)
    setLook({ chars: written.normalize('NFC').length, blank: written.trim() === '', failed })
  }, [])

  useEffect(() => {
    let mounted = true
    const restore = async () => {
      const draft = await queries.loadDraft(roomId)
      if (mounted && draft !== '' && !touched.current) {
        write(draft)
        keeper.changed(draft)
      }
    }
    void restore()
    window.addEventListener('pagehide', keeper.flush)
    document.addEventListener('visibilitychange', keeper.flush)
    return () => {
      mounted = false
      keeper.flush()
      window.removeEventListener('pagehide', keeper.flush)
      document.removeEventListener('visibilitychange', keeper.flush)
    }
  }, [roomId, queries, keeper, write])

  useLayoutEffect(() => {
    // Where there is no keyboard, focus would raise one over the messages.
    if (window.matchMedia('(hover: hover)').matches) field.current?.focus({ preventScroll: true })
  }, [])

  const send = useCallback(async () => {
    const body = text.current.normalize('NFC')
    if (body.trim() === '' || body.length > MAX_BODY_CHARS) return
    touched.current = true
    write('')
    // The draft goes only when the message is stored: whatever happens in between, the words are in one of the two.
    try {
      await commands.sendMessage(roomId, body)
    } catch {
      write(text.current === '' ? body : `${body}\n${text.current}`, true)
    }
    keeper.changed(text.current)
    keeper.flush()
  }, [commands, roomId, keeper, write])

  useEnterToSend(field, send)

  const over = look.chars - MAX_BODY_CHARS
  const note = look.failed
    ? texts.composer.failed
    : over > 0
      ? texts.composer.overLimit(over, MAX_BODY_CHARS)
      : -over <= NEAR_LIMIT_CHARS
        ? texts.composer.nearLimit(-over)
        : undefined
  return (
    <form
      className={styles.composer}
      onSubmit={(event) => {
        event.preventDefault()
        void send()
        field.current?.focus()
      }}
    >
      <div id={notesId} className={styles.notes} aria-live="polite">
        {note !== undefined && <span className={over > 0 || look.failed ? styles.problem : styles.note}>{note}</span>}
      </div>
      <div className={styles.box}>
        <textarea
          ref={field}
          className={styles.field}
          rows={1}
          aria-label={texts.composer.label}
          aria-describedby={notesId}
          aria-invalid={over > 0 ? true : undefined}
          placeholder={texts.composer.placeholder}
          enterKeyHint="send"
          onInput={(event) => {
            touched.current = true
            write(event.currentTarget.value)
            keeper.changed(event.currentTarget.value)
          }}
        />
        <IconButton
          type="submit"
          icon="send"
          label={texts.composer.send}
          look="primary"
          aria-disabled={look.blank || over > 0}
        />
      </div>
    </form>
  )
}

/** Where CSS can't let a field grow with its text. */
function fitHeight(field: HTMLTextAreaElement) {
  if (typeof CSS !== 'undefined' && CSS.supports('field-sizing', 'content')) return
  field.style.height = 'auto'
  field.style.height = `${field.scrollHeight}px`
}
