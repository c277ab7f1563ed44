// Ctrl+N (Cmd+N on a Mac) begins something new; not while a syllable is being composed, nor over a dialog.
import { useEffect } from 'react'

/** `open` must stay the same function, or the key is bound anew. */
export function useNewRoomKey(open: () => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const pressed =
        event.key.toLowerCase() === 'n' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey
      if (!pressed || event.isComposing || document.querySelector('[role="dialog"]')) return
      event.preventDefault()
      open()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [open])
}
