// The words in the field of one room: kept as a draft while they are written, sent as a message, an answer or an edit. Knows no keys and no look.
import { useCallback, useEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'
import { MAX_BODY_CHARS } from '../../../protocol/limits.ts'
import { newId } from '../../../protocol/new-id.ts'
import { onLastMoment } from '../../platform/last-moment.ts'
import { useServices } from '../../services-context.tsx'
import { codeOf } from '../../texts/errors.ts'
import { draftKeeper } from './draft-keeper.ts'
import { fitHeight } from './field.ts'
import { splitText } from './long-text.ts'
import type { ComposerTarget } from './target.ts'

export interface Look {
  /** Of what would be sent. */
  chars: number
  blank: boolean
  /** Why words are back in the field: they could not be stored, or the message that they were to change is deleted. */
  back: 'failed' | 'deleted' | null
}

interface WritingOptions {
  roomId: string
  target: ComposerTarget | null
  /** [S11.5] Who alone gets what is sent; null: everybody. */
  asideTo: readonly string[] | null
  /** An edit that was not finished when the room was left. */
  onResume: (target: ComposerTarget) => void
  /** Sent, or given up. */
  onTargetDone: () => void
  /** Ids of those who are mentioned in a text. */
  mentionsIn: (text: string) => readonly string[]
}

export interface Writing {
  field: RefObject<HTMLTextAreaElement | null>
  look: Look
  /** The person has changed what is in the field. */
  typed: (text: string) => void
  /** What is in the field, once; too long or blank a text stays where it is. */
  send: () => Promise<void>
  /** What is in the field as several messages, in order. */
  sendInPieces: () => Promise<void>
}

/** What is in the field, while it is the new text of an older message: that text as it was, and the draft of the room. */
interface Aside {
  messageId: string
  asideId: string | undefined
  base: string
  draft: string
}

export function useWriting({ roomId, target, asideTo, onResume, onTargetDone, mentionsIn }: WritingOptions): Writing {
  const { commands, queries } = useServices().store
  const { userId } = useServices().me
  const field = useRef<HTMLTextAreaElement>(null)
  /** What is written. The field follows it, and it outlives the field: an answer may come after the room was left. */
  const text = useRef('')
  /** Whether the person has begun to write: from then on no stored draft may come in between. */
  const touched = useRef(false)
  const aside = useRef<Aside | null>(null)
  const [firstId] = useState(newId)
  /** What the words will be called as one message. Of this window alone: another one may have the same stored draft in its field. */
  const messageId = useRef(firstId)
  /** What is being sent, and is not stored yet. */
  const underWay = useRef(new Set<{ text: string }>())
  const [keeper] = useState(() => draftKeeper((draft, id) => commands.saveDraft(roomId, draft, id)))
  // oxlint-disable-next-line react/refs -- read when it saves
  const [editKeeper] = useState(() =>
    draftKeeper((edit) => {
      if (!aside.current || edit === '' || edit === aside.current.base) return commands.saveEdit(roomId, null)
      const { messageId, asideId, base } = aside.current
      return commands.saveEdit(roomId, { messageId, base, text: edit, ...(asideId === undefined ? {} : { asideId }) })
    })
  )
  /** An unfinished edit that comes back: its text, instead of the message's. */
  const resumed = useRef<{ messageId: string; text: string } | null>(null)
  const [look, setLook] = useState<Look>({ chars: 0, blank: true, back: null })
  const edited = target?.kind === 'edit' ? target.item : null
  /** [S11.5] Answers to what was said aside, and changes of it, belong there. */
  const place = target?.item.roomId ?? roomId

  const write = useCallback((written: string, back: Look['back'] = null) => {
    text.current = written
    if (field.current && field.current.value !== written) field.current.value = written
    if (field.current) fitHeight(field.current)
    setLook({ chars: written.normalize('NFC').length, blank: written.trim() === '', back })
  }, [])

  const latestResume = useRef(onResume)
  useEffect(() => {
    latestResume.current = onResume
  }, [onResume])

  useEffect(() => {
    let mounted = true
    const restore = async () => {
      const [draft, edit] = await Promise.all([queries.loadDraft(roomId), queries.loadEdit(roomId)])
      if (!mounted) return
      if (draft !== '' && !touched.current) {
        write(draft)
        keeper.restored(draft)
      } else if (draft !== '' && aside.current?.draft === '') {
        aside.current.draft = draft
        keeper.restored(draft)
      }
      if (edit && !touched.current) {
        const { messageId, base, asideId = roomId } = edit
        resumed.current = edit
        editKeeper.restored(edit.text)
        const item = { id: messageId, roomId: asideId, own: true, authorId: userId, body: base }
        latestResume.current({ kind: 'edit', item })
      }
    }
    const flush = () => {
      keeper.flush()
      editKeeper.flush()
    }
    void restore()
    const stopWaiting = onLastMoment(flush)
    document.addEventListener('visibilitychange', flush)
    return () => {
      mounted = false
      flush()
      stopWaiting()
      document.removeEventListener('visibilitychange', flush)
    }
  }, [roomId, userId, queries, keeper, editKeeper, write])

  /** The draft is what is neither a message yet nor given up: by its name goes what is in the field alone. */
  const keep = useCallback(() => {
    const rest = [...underWay.current].map((each) => each.text).join('\n\n')
    keeper.changed(before(rest, aside.current?.draft ?? text.current), rest === '' ? messageId.current : undefined)
  }, [keeper])

  /** Words that went nowhere, before whatever was written since. */
  const giveBack = useCallback(
    (body: string, back: 'failed' | 'deleted' = 'failed') => {
      const joined = before(body, aside.current?.draft ?? text.current)
      if (aside.current) aside.current.draft = joined
      else write(joined, back)
      keep()
    },
    [write, keep]
  )

  // Into the field comes the text to edit, and back comes the draft: also when another message is chosen meanwhile.
  useEffect(() => {
    if (aside.current?.messageId === edited?.id) return
    const draft = aside.current?.draft ?? text.current
    if (edited) {
      touched.current = true
      const asideId = edited.roomId === roomId ? undefined : edited.roomId
      aside.current = { messageId: edited.id, asideId, base: edited.body, draft }
      const kept = resumed.current?.messageId === edited.id ? resumed.current.text : edited.body
      resumed.current = null
      // oxlint-disable-next-line react/set-state-in-effect -- the field's text is not React's; what is said about it follows it
      write(kept)
      editKeeper.changed(kept)
      field.current?.setSelectionRange(kept.length, kept.length)
    } else {
      aside.current = null
      write(draft)
      editKeeper.changed('')
    }
  }, [roomId, edited, write, editKeeper])

  const typed = useCallback(
    (written: string) => {
      touched.current = true
      write(written)
      if (aside.current) editKeeper.changed(written)
      else keep()
    },
    [write, keep, editKeeper]
  )

  /** The field is free for the next words at once; what could not be stored comes back into it. */
  const saveEdit = useCallback(
    async (id: string, body: string) => {
      const { base, draft = '' } = aside.current ?? {}
      write(draft)
      aside.current = null
      onTargetDone()
      try {
        if (body !== base) await commands.editMessage(place, id, body, mentionOption(mentionsIn(body)))
      } catch (error) {
        giveBack(body, codeOf(error) === 'message-deleted' ? 'deleted' : 'failed')
        keeper.flush()
      }
      editKeeper.changed(aside.current ? text.current : '')
      editKeeper.flush()
    },
    [commands, place, write, giveBack, keeper, editKeeper, onTargetDone, mentionsIn]
  )

  const replyTo = target?.kind === 'reply' ? target.item.id : undefined

  /** The draft goes when all of it is stored: whatever happens, the words are in one of the two. */
  const sendAll = useCallback(
    async (bodies: readonly string[]) => {
      touched.current = true
      const named = { messageId: messageId.current }
      messageId.current = newId()
      const rest = { text: bodies.join('\n\n') }
      underWay.current.add(rest)
      write('')
      if (replyTo !== undefined) onTargetDone()
      const words = bodies.map((body) => ({ body, mentions: mentionsIn(body) }))
      const how = asideTo ? { to: asideTo } : replyTo === undefined ? {} : { replyTo }
      try {
        await commands.sendMessages(asideTo ? roomId : place, words, { ...how, ...named })
        underWay.current.delete(rest)
        keep()
      } catch {
        underWay.current.delete(rest)
        giveBack(rest.text)
      }
      keeper.flush()
    },
    [commands, roomId, place, asideTo, keeper, keep, write, giveBack, replyTo, onTargetDone, mentionsIn]
  )

  const send = useCallback(async () => {
    // The input method may have put in its last sign without a word to us.
    const body = (field.current?.value ?? text.current).normalize('NFC')
    if (body.trim() === '' || body.length > MAX_BODY_CHARS) return
    await (edited ? saveEdit(edited.id, body) : sendAll([body]))
  }, [edited, saveEdit, sendAll])

  const sendInPieces = useCallback(
    () => sendAll(splitText((field.current?.value ?? text.current).normalize('NFC'), MAX_BODY_CHARS)),
    [sendAll]
  )

  return { field, look, typed, send, sendInPieces }
}

/** Two texts as one draft. */
function before(first: string, second: string): string {
  return first === '' || second === '' ? first + second : `${first}\n${second}`
}

function mentionOption(mentions: readonly string[]): { mentions?: readonly string[] } {
  return mentions.length === 0 ? {} : { mentions }
}
