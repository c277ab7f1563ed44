// Which key means what, wherever one is. Pure.

export type KeyAct =
  'switcher' | 'sheet' | 'room-up' | 'room-down' | 'unread-up' | 'unread-down' | 'mark-read' | 'mark-all-read'

type Key = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'isComposing' | 'keyCode'
>

/** Of keys that an input method took. */
const TAKEN_BY_IME = 229

/** Null: none of ours. While something is being composed every key is the input method's. */
export function actOf(event: Key): KeyAct | null {
  // oxlint-disable-next-line typescript/no-deprecated -- in Safari nothing else tells it
  if (event.isComposing || event.keyCode === TAKEN_BY_IME) return null
  const { altKey, shiftKey } = event
  const command = event.ctrlKey || event.metaKey
  if (command && !altKey && !shiftKey) {
    // By its place where the layout is Korean: then the key is ㅏ.
    if (event.key.toLowerCase() === 'k' || (event.code === 'KeyK' && !/^[a-z]$/i.test(event.key))) return 'switcher'
    return event.key === '/' || event.code === 'Slash' ? 'sheet' : null
  }
  if (altKey && !command) {
    if (event.key === 'ArrowUp') return shiftKey ? 'unread-up' : 'room-up'
    if (event.key === 'ArrowDown') return shiftKey ? 'unread-down' : 'room-down'
    return null
  }
  if (event.key === 'Escape' && !command && !altKey) return shiftKey ? 'mark-all-read' : 'mark-read'
  return null
}
