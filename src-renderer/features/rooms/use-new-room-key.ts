// Ctrl+N (Cmd+N on a Mac) begins something new; not while a syllable is being composed, nor over a dialog.
import { useEffect } from 'react'

/** By its place where the layout is Korean: then the key is ㅜ. */
function isN({ key, code }: KeyboardEvent): boolean {
  return key.toLowerCase() === 'n' || (code === 'KeyN' && !/^[a-z]$/i.test(key))
}

/** `open` must stay the same function, or the key is bound anew. */
export function useNewRoomKey(open: () => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const pressed = isN(event) && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey
      if (!pressed || event.isComposing || document.querySelector('[role="dialog"]')) return
      event.preventDefault()
      open()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [open])
}
