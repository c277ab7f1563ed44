// Where a message is written. Never disabled; what is typed is a draft at once, and a message as soon as it is sent.
import { useCallback, useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { MAX_BODY_CHARS } from '../../../protocol/limits.ts'
import { usePreferences } from '../../platform/preferences-context.tsx'
import { useTexts } from '../../texts/texts-context.tsx'
import { IconButton } from '../../ui/button.tsx'
import { ErrorBoundary } from '../../ui/error-boundary.tsx'
import { comboboxProps } from '../../ui/listbox.tsx'
import { CompletionList } from './completion-list.tsx'
import styles from './composer.module.css'
import { putWords } from './field.ts'
import { LengthNote } from './length-note.tsx'
import { asksToEditLast, isComposing } from './target.ts'
import type { ComposerTarget } from './target.ts'
import { TargetLine } from './target-line.tsx'
import { useCompletion } from './use-completion.ts'
import { useEnterToSend } from './use-enter-to-send.ts'
import { useLongPaste } from './use-long-paste.ts'
import { useOwnTyping } from './use-own-typing.ts'
import { usePeople } from './use-people.ts'
import { useWriting } from './use-writing.ts'
import { later } from '../../ui/later.tsx'

const EmojiPopover = later(async () => (await import('../../emoji/emoji-popover.tsx')).EmojiPopover)

interface ComposerProps {
  roomId: string
  /** Null: a message of its own. */
  target: ComposerTarget | null
  /** [S11.5] Who alone gets what is sent; null: everybody. */
  asideTo?: readonly string[] | null
  /** Esc in the field: back to everybody. */
  onAsideLeave?: () => void
  /** Whether others in the room are told that one writes. */
  typingTold?: boolean
  /** Stands before the field. */
  tools?: ReactNode
  /** An edit that was not finished when the room was left. */
  onResume: (target: ComposerTarget) => void
  /** Sent, or given up. */
  onTargetDone: () => void
  onEditLast: () => void
}

/** For one room as long as it is mounted: give it the room's id as its key. */
export function Composer(props: ComposerProps) {
  const { roomId, target, asideTo = null, onAsideLeave, tools, onResume, onTargetDone, onEditLast } = props
  const { typingTold = true } = props
  const texts = useTexts()
  const { enterSends } = usePreferences().preferences
  const { people, noteMention, mentionsIn } = usePeople(roomId)
  const writing = useWriting({ roomId, target, asideTo, onResume, onTargetDone, mentionsIn })
  const { field, look, typed, send, sendInPieces } = writing
  const ownTyping = useOwnTyping({ roomId, target, asideTo, told: typingTold })
  const { ended: typingEnded } = ownTyping
  const completion = useCompletion({ fieldRef: field, people, onMention: noteMention })
  const { isOpen, take } = completion
  const [picking, setPicking] = useState<Element | null>(null)
  /** Where the caret was when the picker took the focus. */
  const caret = useRef<[from: number, to: number]>([0, 0])
  const id = useId()
  const edited = target?.kind === 'edit'

  const onSend = useCallback(() => {
    if (isOpen() && take()) return
    typingEnded()
    void send()
  }, [isOpen, take, typingEnded, send])
  useLongPaste(field)
  useEnterToSend(field, { enterSends, picks: isOpen, onSend })

  useLayoutEffect(() => {
    // Where there is no keyboard, focus would raise one over the messages. The browser lays out what is there before: so when all of the room is.
    if (window.matchMedia('(hover: hover)').matches) queueMicrotask(() => field.current?.focus({ preventScroll: true }))
  }, [field])

  useEffect(() => {
    if (target || asideTo) field.current?.focus()
  }, [field, target, asideTo])

  const over = look.chars - MAX_BODY_CHARS
  return (
    <form
      className={styles.composer}
      data-aside={asideTo !== null || target?.item.aside !== undefined}
      onSubmit={(event) => {
        event.preventDefault()
        typingEnded()
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
      <LengthNote
        id={`${id}-notes`}
        look={look}
        field={field}
        onSendInPieces={
          edited
            ? undefined
            : () => {
                typingEnded()
                void sendInPieces()
                field.current?.focus()
              }
        }
      />
      <div className={styles.box}>
        <CompletionList
          id={`${id}-choices`}
          open={completion.open}
          onActive={completion.choose}
          onTake={(choice) => take(choice)}
        />
        <IconButton
          icon="smile"
          label={texts.emoji.open}
          aria-haspopup="dialog"
          aria-expanded={picking !== null}
          onClick={({ currentTarget }) => {
            caret.current = [field.current?.selectionStart ?? 0, field.current?.selectionEnd ?? 0]
            setPicking(currentTarget)
          }}
        />
        {tools}
        <textarea
          ref={field}
          className={styles.field}
          rows={1}
          dir="auto"
          aria-label={texts.composer.label}
          aria-describedby={`${id}-notes`}
          aria-invalid={over > 0 ? true : undefined}
          {...(completion.open ? comboboxProps(`${id}-choices`, true, completion.open.active) : {})}
          aria-autocomplete="list"
          placeholder={texts.composer.placeholder}
          enterKeyHint={enterSends === 'enter' ? 'send' : 'enter'}
          onInput={(event) => {
            typed(event.currentTarget.value)
            ownTyping.keyed(event.currentTarget.value)
            completion.look()
          }}
          onSelect={completion.look}
          onBlur={() => {
            typingEnded()
            completion.close()
          }}
          onKeyDown={(event) => {
            const { nativeEvent, currentTarget } = event
            if (completion.onKeyDown(event)) return
            if (nativeEvent.key === 'Escape' && target && !isComposing(nativeEvent)) {
              event.preventDefault()
              onTargetDone()
            } else if (nativeEvent.key === 'Escape' && asideTo && !isComposing(nativeEvent)) {
              event.preventDefault()
              onAsideLeave?.()
            } else if (!target && asksToEditLast(nativeEvent, currentTarget.value)) {
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
      {picking && (
        <ErrorBoundary fallback={null}>
          <EmojiPopover
            anchor={picking}
            align="start"
            onClose={() => setPicking(null)}
            finalFocus={() => field.current}
            onPick={(emoji) => {
              setPicking(null)
              if (field.current) putWords(field.current, ...caret.current, emoji)
            }}
          />
        </ErrorBoundary>
      )}
    </form>
  )
}
