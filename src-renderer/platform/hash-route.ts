// The address within the app, kept in the URL's hash, so that the browser's back and forward work and a reload stays where it was.
import { useSyncExternalStore } from 'react'

/** The room that the hash names, or null for the list. */
export function roomOfHash(hash: string): string | null {
  const match = /^#\/room\/([^/?#]+)$/.exec(hash)
  if (!match?.[1]) return null
  try {
    return decodeURIComponent(match[1])
  } catch (error) {
    if (error instanceof URIError) return null
    throw error
  }
}

/** The link to a room; null is the list. */
export function hashOfRoom(roomId: string | null): string {
  return roomId === null ? '#/' : `#/room/${encodeURIComponent(roomId)}`
}

function subscribe(changed: () => void): () => void {
  window.addEventListener('hashchange', changed)
  window.addEventListener('popstate', changed)
  return () => {
    window.removeEventListener('hashchange', changed)
    window.removeEventListener('popstate', changed)
  }
}

/** The room that is shown, null for none; follows the address. */
export function useRoomRoute(): string | null {
  return useSyncExternalStore(subscribe, () => roomOfHash(window.location.hash))
}

/** Marks a history entry that was opened from the list, so that "back" can step back to it. */
const FROM_LIST = { fromList: true }

/** Goes to a room, or with null to the list. */
export function goToRoom(roomId: string | null): void {
  const fromList = roomId !== null && roomOfHash(window.location.hash) === null
  window.location.hash = hashOfRoom(roomId)
  if (fromList) window.history.replaceState(FROM_LIST, '')
}

/** Back to the list: a step back in history where the list is that step, else a new one. */
export function goBackToList(): void {
  const state: unknown = window.history.state
  if (typeof state === 'object' && state !== null && 'fromList' in state) window.history.back()
  else goToRoom(null)
}
