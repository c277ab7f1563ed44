// What is this device's alone in a room: what is unfinished there, and where the person was reading. Knows no operations.
import type { EditDraft, ScrollPlace } from './chat-store.ts'
import { reviseRows } from './rows.ts'
import { messageKey } from './schemas.ts'
import type { Collection, DraftRow, MessageRow } from './schemas.ts'

export interface LocalRows {
  /** Resolves when the text, or a later one, is durable. '' leaves no words behind. */
  saveDraft(roomId: string, text: string, messageId?: string): Promise<void>
  /** These words alone: what another window has written since stays. */
  forgetDraft(row: Pick<DraftRow, 'key' | 'messageId'>): Promise<void>
  saveScroll(roomId: string, place: ScrollPlace | null): Promise<void>
  saveEdit(roomId: string, edit: EditDraft | null): Promise<void>
}

/** Saves one after the other, so that the last one stays. */
export function writeLocal(rows: Collection<DraftRow>): LocalRows {
  let saved: Promise<unknown> = Promise.resolve()

  async function save(roomId: string, change: (row: DraftRow) => DraftRow): Promise<void> {
    const done = saved.then(() =>
      reviseRows(rows, [roomId], (key, row) => {
        const before = ownOf({ text: '', ...row, key })
        const after = ownOf(change(before))
        if (JSON.stringify(after) === JSON.stringify(before)) return undefined
        return after.text === '' && !after.scroll && !after.edit ? null : after
      })
    )
    saved = done.catch(() => undefined)
    await done
  }

  return {
    saveDraft: (roomId, text, messageId) =>
      save(roomId, (row) => {
        const { messageId: _, ...rest } = row
        return { ...rest, text, ...(text === '' || messageId === undefined ? {} : { messageId }) }
      }),
    forgetDraft: ({ key, messageId: said }) =>
      save(key, (row) => {
        const { messageId, ...rest } = row
        return messageId === said ? { ...rest, text: '' } : row
      }),
    saveScroll: (roomId, place) =>
      save(roomId, (row) => {
        const { scroll: _, ...rest } = row
        return place ? { ...rest, scroll: { seq: place.seq, offset: place.offset } } : rest
      }),
    saveEdit: (roomId, edit) =>
      save(roomId, (row) => {
        const { edit: _, ...rest } = row
        return edit ? { ...rest, edit } : rest
      })
  }
}

/** The message that an edit is about, if it is held. */
export async function editedMessage(
  messages: Collection<MessageRow>,
  roomId: string,
  { asideId = roomId, messageId }: EditDraft
): Promise<MessageRow | undefined> {
  const [row] = await messages.storageInstance.findDocumentsById([messageKey(asideId, messageId)], false)
  return row
}

/** Without what RxDB keeps beside it, and in one order. */
function ownOf({ key, text, messageId, scroll, edit }: DraftRow): DraftRow {
  return {
    key,
    text,
    ...(messageId === undefined ? {} : { messageId }),
    ...(scroll ? { scroll } : {}),
    ...(edit ? { edit } : {})
  }
}
