// Ctrl and a digit (on a Mac ⌘) go to the first, second … relay. Only where there are several, which is in the desktop app: in a browser these are the
// keys of its tabs.
import { useEffect } from 'react'
import type { Relays } from '../../services.ts'

/** What lies over the rooms has what was typed in it, and closes first. */
const OVER = '[role="dialog"], [role="alertdialog"], [role="menu"]'

type Key = Pick<KeyboardEvent, 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'isComposing'>

/** Which one a key goes to, from 0; null for none. By the key's place: on some layouts digits need Shift. */
export function relayOfKey({ code, ctrlKey, metaKey, altKey, shiftKey, isComposing }: Key): number | null {
  if (isComposing || altKey || shiftKey || ctrlKey === metaKey) return null
  const digit = /^Digit([1-9])$/.exec(code)?.[1]
  return digit === undefined ? null : Number(digit) - 1
}

export function useRelayKeys(relays: Relays): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const at = event.defaultPrevented ? null : relayOfKey(event)
      const relay = at === null ? undefined : relays.list[at]
      if (relay === undefined || document.querySelector(OVER) !== null) return
      event.preventDefault()
      relays.bringToFront(relay.relayId)
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [relays])
}
