// What is this device's alone in a room: the unfinished text and where the person was reading. Knows no operations.
import type { ScrollPlace } from './chat-store.ts'
import { reviseRows } from './rows.ts'
import type { Collection, DraftRow } from './schemas.ts'

export interface LocalRows {
  /** Resolves when the text, or a later one, is durable. '' leaves no words behind. */
  saveDraft(roomId: string, text: string): Promise<void>
  saveScroll(roomId: string, place: ScrollPlace | null): Promise<void>
}

/** Saves one after the other, so that the last one stays. */
export function writeLocal(rows: Collection<DraftRow>): LocalRows {
  let saved: Promise<unknown> = Promise.resolve()

  async function save(roomId: string, change: (row: DraftRow) => DraftRow): Promise<void> {
    const done = saved.then(() =>
      reviseRows(rows, [roomId], (key, row) => {
        const before = { key, text: row?.text ?? '', ...(row?.scroll ? { scroll: row.scroll } : {}) }
        const after = change(before)
        if (JSON.stringify(after) === JSON.stringify(before)) return undefined
        return after.text === '' && !after.scroll ? null : after
      })
    )
    saved = done.catch(() => undefined)
    await done
  }

  return {
    saveDraft: (roomId, text) => save(roomId, (row) => ({ ...row, text })),
    saveScroll: (roomId, place) =>
      save(roomId, ({ key, text }) => ({
        key,
        text,
        ...(place ? { scroll: { seq: place.seq, offset: place.offset } } : {})
      }))
  }
}
