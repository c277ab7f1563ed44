// Saves a draft soon after each change, at the latest at DRAFT_SAVE_MS. Knows no field and no room.

/** From a keystroke to the start of its saving. Below the 250 ms that people are promised, with room for the write. */
export const DRAFT_SAVE_MS = 150

export interface DraftKeeper {
  /** The text of now; saved within DRAFT_SAVE_MS. */
  changed: (text: string) => void
  /** This text is what was saved before: to keep nothing of it, too, is a change. */
  restored: (text: string) => void
  /** Saves at once what is not saved. */
  flush: () => void
}

/**
 * `save` is called with the newest text only, and again only when it has changed. Where saving fails the next keystroke tries
 * again: the words are still in the field, and a draft is no reason to disturb the writing.
 */
export function draftKeeper(save: (text: string) => Promise<void>): DraftKeeper {
  let current = ''
  let stored: string | undefined = ''
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (current === stored) return
    stored = current
    save(current).catch(() => {
      stored = undefined
    })
  }
  return {
    changed(text) {
      current = text
      timer ??= setTimeout(flush, DRAFT_SAVE_MS)
    },
    restored(text) {
      current = text
      stored = text
    },
    flush
  }
}
