// Saves a draft soon after each change, at the latest at DRAFT_SAVE_MS. Knows no field and no room.

/** From a keystroke to the start of its saving. Below the 250 ms that people are promised, with room for the write. */
export const DRAFT_SAVE_MS = 150

export interface DraftKeeper {
  /** The text of now, and what its message will be called, if it is to be one; saved within DRAFT_SAVE_MS. */
  changed: (text: string, messageId?: string) => void
  /** This text is what was saved before: to keep nothing of it, too, is a change. */
  restored: (text: string) => void
  /** Saves at once what is not saved. */
  flush: () => void
}

interface Kept {
  text: string
  messageId?: string | undefined
}

/**
 * `save` is called with the newest text only, and again only when it, or its name, has changed. Where saving fails the next keystroke tries
 * again: the words are still in the field, and a draft is no reason to disturb the writing.
 */
export function draftKeeper(save: (text: string, messageId?: string) => Promise<void>): DraftKeeper {
  let current: Kept = { text: '' }
  let stored: Kept | undefined = current
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (current.text === stored?.text && (current.text === '' || current.messageId === stored.messageId)) return
    stored = current
    save(current.text, current.messageId).catch(() => {
      stored = undefined
    })
  }
  return {
    changed(text, messageId) {
      current = { text, messageId }
      timer ??= setTimeout(flush, DRAFT_SAVE_MS)
    },
    restored(text) {
      current = { text }
      stored = current
    },
    flush
  }
}
