// What is this device's alone in a room: what is unfinished there, and where the person was reading. Knows no operations.
import type { EditDraft, ScrollPlace } from './chat-store.ts'
import { reviseRows } from './rows.ts'
import type { Collection, DraftRow } from './schemas.ts'

export interface LocalRows {
  /** Resolves when the text, or a later one, is durable. '' leaves no words behind. */
  saveDraft(roomId: string, text: string): Promise<void>
  saveScroll(roomId: string, place: ScrollPlace | null): Promise<void>
  saveEdit(roomId: string, edit: EditDraft | null): Promise<void>
}

/** Saves one after the other, so that the last one stays. */
export function writeLocal(rows: Collection<DraftRow>): LocalRows {
  let saved: Promise<unknown> = Promise.resolve()

  async function save(roomId: string, change: (row: DraftRow) => DraftRow): Promise<void> {
    const done = saved.then(() =>
      reviseRows(rows, [roomId], (key, row) => {
        const { text = '', scroll, edit } = row ?? {}
        const before = { key, text, ...(scroll ? { scroll } : {}), ...(edit ? { edit } : {}) }
        const after = change(before)
        if (JSON.stringify(after) === JSON.stringify(before)) return undefined
        return after.text === '' && !after.scroll && !after.edit ? null : after
      })
    )
    saved = done.catch(() => undefined)
    await done
  }

  return {
    saveDraft: (roomId, text) => save(roomId, (row) => ({ ...row, text })),
    saveScroll: (roomId, place) =>
      save(roomId, ({ key, text, edit }) => ({
        key,
        text,
        ...(place ? { scroll: { seq: place.seq, offset: place.offset } } : {}),
        ...(edit ? { edit } : {})
      })),
    saveEdit: (roomId, edit) =>
      save(roomId, ({ key, text, scroll }) => ({ key, text, ...(scroll ? { scroll } : {}), ...(edit ? { edit } : {}) }))
  }
}
