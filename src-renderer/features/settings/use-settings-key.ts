// Ctrl+, (Cmd+, on a Mac) opens the settings, wherever one is; not while a syllable is being composed.
import { useEffect } from 'react'

/** `open` must stay the same function, or the key is bound anew. */
export function useSettingsKey(open: () => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const pressed = event.key === ',' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey
      if (!pressed || event.isComposing) return
      event.preventDefault()
      open()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [open])
}
