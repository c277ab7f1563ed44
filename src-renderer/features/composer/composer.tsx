// Where a message is written. Never disabled; what is typed is a draft at once, and a message as soon as it is sent.
import { useCallback, useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import { MAX_BODY_CHARS } from '../../../protocol/limits.ts'
import { useServices } from '../../services-context.tsx'
import { codeOf } from '../../texts/errors.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { IconButton } from '../../ui/button.tsx'
import styles from './composer.module.css'
import { draftKeeper } from './draft-keeper.ts'
import { asksToEditLast, isComposing } from './target.ts'
import type { ComposerTarget } from './target.ts'
import { TargetLine } from './target-line.tsx'
import { useEnterToSend } from './use-enter-to-send.ts'

/** From this many characters before the limit on, what is left is told. */
const NEAR_LIMIT_CHARS = 500

interface Look {
  /** Of what would be sent. */
  chars: number
  blank: boolean
  /** Why words are back in the field: they could not be stored, or the message that they were to change is deleted. */
  back: 'failed' | 'deleted' | null
}

interface ComposerProps {
  roomId: string
  /** Null: a message of its own. */
  target: ComposerTarget | null
  /** Sent, or given up. */
  onTargetDone: () => void
  onEditLast: () => void
}

/** For one room as long as it is mounted: give it the room's id as its key. */
export function Composer({ roomId, target, onTargetDone, onEditLast }: ComposerProps) {
  const texts = useTexts()
  const { commands, queries } = useServices().store
  const field = useRef<HTMLTextAreaElement>(null)
  /** What is written. The field follows it, and it outlives the field: an answer may come after the room was left. */
  const text = useRef('')
  /** Whether the person has begun to write: from then on no stored draft may come in between. */
  const touched = useRef(false)
  const [keeper] = useState(() => draftKeeper((draft) => commands.saveDraft(roomId, draft)))
  const [look, setLook] = useState<Look>({ chars: 0, blank: true, back: null })
  const notesId = useId()
  const edited = target?.kind === 'edit' ? target.item : null
  /** The draft, while the text of an older message is in the field, and that text as it was. */
  const aside = useRef<{ messageId: string; body: string; draft: string } | null>(null)

  const write = useCallback((written: string, back: Look['back'] = null) => {
    text.current = written
    if (field.current && field.current.value !== written) field.current.value = written
    if (field.current) fitHeight(field.current)
    setLook({ chars: written.normalize('NFC').length, blank: written.trim() === '', back })
  }, [])

  useEffect(() => {
    let mounted = true
    const restore = async () => {
      const draft = await queries.loadDraft(roomId)
      if (!mounted || draft === '') return
      if (!touched.current) {
        write(draft)
        keeper.changed(draft)
      } else if (aside.current?.draft === '') {
        aside.current.draft = draft
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

  /** Words that went nowhere, before whatever was written since. */
  const giveBack = useCallback(
    (body: string, back: 'failed' | 'deleted' = 'failed') => {
      const draft = aside.current?.draft ?? text.current
      const joined = draft === '' ? body : `${body}\n${draft}`
      if (aside.current) aside.current.draft = joined
      else write(joined, back)
      keeper.changed(joined)
    },
    [write, keeper]
  )

  // Into the field comes the text to edit, and back comes the draft: also when another message is chosen meanwhile.
  useEffect(() => {
    if (aside.current?.messageId === edited?.id) return
    const draft = aside.current?.draft ?? text.current
    if (edited) {
      touched.current = true
      aside.current = { messageId: edited.id, body: edited.body, draft }
      // oxlint-disable-next-line react/set-state-in-effect -- the field's text is not React's; what is said about it follows it
      write(edited.body)
      field.current?.setSelectionRange(edited.body.length, edited.body.length)
    } else {
      aside.current = null
      write(draft)
    }
  }, [edited, write])

  useEffect(() => {
    if (target) field.current?.focus()
  }, [target])

  /** The field is free for the next words at once; what could not be stored comes back into it. */
  const saveEdit = useCallback(
    async (id: string, body: string) => {
      const before = aside.current?.body
      write(aside.current?.draft ?? '')
      aside.current = null
      onTargetDone()
      if (body === before) return
      try {
        await commands.editMessage(roomId, id, body)
      } catch (error) {
        giveBack(body, codeOf(error) === 'message-deleted' ? 'deleted' : 'failed')
      }
    },
    [commands, roomId, write, giveBack, onTargetDone]
  )

  const replyTo = target?.kind === 'reply' ? target.item.id : undefined
  const send = useCallback(async () => {
    const body = text.current.normalize('NFC')
    if (body.trim() === '' || body.length > MAX_BODY_CHARS) return
    if (edited) return saveEdit(edited.id, body)
    touched.current = true
    write('')
    if (replyTo !== undefined) onTargetDone()
    // The draft goes only when the message is stored: whatever happens in between, the words are in one of the two.
    try {
      await commands.sendMessage(roomId, body, replyTo === undefined ? {} : { replyTo })
    } catch {
      giveBack(body)
    }
    keeper.changed(aside.current?.draft ?? text.current)
    keeper.flush()
  }, [commands, roomId, keeper, write, giveBack, edited, saveEdit, replyTo, onTargetDone])

  useEnterToSend(field, send)

  const over = look.chars - MAX_BODY_CHARS
  const note = look.back
    ? { failed: texts.composer.failed, deleted: texts.composer.editedDeleted }[look.back]
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
      {target && (
        <TargetLine
          target={target}
          onCancel={() => {
            onTargetDone()
            field.current?.focus()
          }}
        />
      )}
      <div id={notesId} className={styles.notes} aria-live="polite">
        {note !== undefined && <span className={over > 0 || look.back ? styles.problem : styles.note}>{note}</span>}
      </div>
      <div className={styles.box}>
        <textarea
          ref={field}
          className={styles.field}
          rows={1}
          dir="auto"
          aria-label={texts.composer.label}
          aria-describedby={notesId}
          aria-invalid={over > 0 ? true : undefined}
          placeholder={texts.composer.placeholder}
          enterKeyHint="send"
          onInput={(event) => {
            touched.current = true
            write(event.currentTarget.value)
            if (!edited) keeper.changed(event.currentTarget.value)
          }}
          onKeyDown={({ nativeEvent: event, currentTarget }) => {
            if (event.key === 'Escape' && target && !isComposing(event)) {
              event.preventDefault()
              onTargetDone()
            } else if (!target && asksToEditLast(event, currentTarget.value)) {
              event.preventDefault()
              onEditLast()
            }
          }}
        />
        <IconButton
          type="submit"
          icon={edited ? 'check' : 'send'}
          label={edited ? texts.composer.saveEdit : texts.composer.send}
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
