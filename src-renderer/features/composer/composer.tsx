// Where a message is written. Never disabled; what is typed is a draft at once, and a message as soon as it is sent.
import { useCallback, useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import { MAX_BODY_CHARS } from '../../../protocol/limits.ts'
import { useServices } from '../../services-context.tsx'
import { useTexts } from '../../texts/texts-context.tsx'
import { IconButton } from '../../ui/button.tsx'
import styles from './composer.module.css'
import { draftKeeper } from './draft-keeper.ts'
import type { DraftKeeper } from './draft-keeper.ts'
import { useEnterToSend } from './use-enter-to-send.ts'

/** From this many characters before the limit on, what is left is told. */
const NEAR_LIMIT_CHARS = 500

/** For one room as long as it is mounted: give it the room's id as its key. */
export function Composer({ roomId }: { roomId: string }) {
  const texts = useTexts()
  const { commands, queries } = useServices().store
  const [field, setField] = useState<HTMLTextAreaElement | null>(null)
  const drafts = useRef<DraftKeeper | null>(null)
  /** Whether the person has begun to write: from then on no stored draft may come in between. */
  const touched = useRef(false)
  const [length, setLength] = useState(0)
  const [blank, setBlank] = useState(true)
  const [failed, setFailed] = useState(false)
  const noteId = useId()

  const look = useCallback(() => {
    if (!field) return
    setLength(field.value.normalize('NFC').length)
    setBlank(field.value.trim() === '')
    fitHeight(field)
  }, [field])

  const write = useCallback(
    (text: string) => {
      if (!field) return
      field.value = text
      drafts.current?.changed(text)
      look()
    },
    [field, look]
  )

  useEffect(() => {
    if (!field) return
    let mounted = true
    const keeper = draftKeeper((text) => commands.saveDraft(roomId, text))
    drafts.current = keeper
    const flush = () => keeper.flush()
    void queries.loadDraft(roomId).then((draft) => {
      if (mounted && draft !== '' && !touched.current) write(draft)
    })
    window.addEventListener('pagehide', flush)
    document.addEventListener('visibilitychange', flush)
    return () => {
      mounted = false
      flush()
      drafts.current = null
      window.removeEventListener('pagehide', flush)
      document.removeEventListener('visibilitychange', flush)
    }
  }, [field, roomId, commands, queries, write])

  useLayoutEffect(() => {
    // Where there is no keyboard, focus would raise one over the messages.
    if (window.matchMedia('(hover: hover)').matches) field?.focus({ preventScroll: true })
  }, [field])

  const send = useCallback(() => {
    if (!field) return
    const body = field.value.normalize('NFC')
    if (body.trim() === '' || body.length > MAX_BODY_CHARS) return
    // The draft goes only when the message is stored: whatever happens in between, the words are in one of the two.
    const keeper = drafts.current
    field.value = ''
    look()
    setFailed(false)
    commands.sendMessage(roomId, body).then(
      () => {
        keeper?.changed(field.value)
        keeper?.flush()
      },
      () => {
        field.value = field.value === '' ? body : `${body}\n${field.value}`
        keeper?.changed(field.value)
        keeper?.flush()
        look()
        setFailed(true)
      }
    )
  }, [commands, field, look, roomId])

  useEnterToSend(field, send)

  const over = length - MAX_BODY_CHARS
  const note = noteFor()
  return (
    <form
      className={styles.composer}
      onSubmit={(event) => {
        event.preventDefault()
        send()
        field?.focus()
      }}
    >
      <div id={noteId} className={styles.notes} role="status">
        {note !== undefined && <p className={over > 0 || failed ? styles.problem : styles.note}>{note}</p>}
      </div>
      <div className={styles.box}>
        <textarea
          ref={setField}
          className={styles.field}
          rows={1}
          aria-label={texts.composer.label}
          aria-describedby={noteId}
          aria-invalid={over > 0 ? true : undefined}
          placeholder={texts.composer.placeholder}
          enterKeyHint="send"
          onInput={(event) => {
            touched.current = true
            drafts.current?.changed(event.currentTarget.value)
            setFailed(false)
            look()
          }}
        />
        <IconButton
          type="submit"
          icon="send"
          label={texts.composer.send}
          look="primary"
          aria-disabled={blank || over > 0}
        />
      </div>
    </form>
  )

  function noteFor(): string | undefined {
    if (failed) return texts.composer.failed
    if (over > 0) return texts.composer.overLimit(over, MAX_BODY_CHARS)
    return -over <= NEAR_LIMIT_CHARS ? texts.composer.nearLimit(-over) : undefined
  }
}

/** Where CSS can't let a field grow with its text. */
function fitHeight(field: HTMLTextAreaElement) {
  if (typeof CSS !== 'undefined' && CSS.supports('field-sizing', 'content')) return
  field.style.height = 'auto'
  field.style.height = `${field.scrollHeight}px`
}
