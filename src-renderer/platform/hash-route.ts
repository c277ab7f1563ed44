// The address within the app, kept in the URL's hash, so that the browser's back and forward work and a reload stays where it was.
import { useSyncExternalStore } from 'react'
import { ROOM_HASH, roomOfHash } from './room-hash.ts'

/** The seq of the message that the hash names within its room; null for the room as it is. */
export function messageOfHash(hash: string): number | null {
  const seq = Number(ROOM_HASH.exec(hash)?.[2] ?? 0)
  return seq > 0 ? seq : null
}

/** The link to a message, for whoever has an account at that relay. */
export function linkToMessage(relayUrl: string, roomId: string, seq: number): string {
  return `${new URL('/', relayUrl).href}${hashOfMessage(roomId, seq)}`
}

/** The hash of a link that leads to a room or message of this relay; null for every other address. */
export function roomPlaceOf(address: string, relayUrl: string): string | null {
  if (!URL.canParse(address) || !URL.canParse(relayUrl)) return null
  const { origin, pathname, hash } = new URL(address)
  return origin === new URL(relayUrl).origin && pathname === '/' && roomOfHash(hash) !== null ? hash : null
}

/** The link to a room; null is the list. */
export function hashOfRoom(roomId: string | null): string {
  return roomId === null ? '#/' : `#/room/${encodeURIComponent(roomId)}`
}

/** The link to a message of a room, by its seq. */
export function hashOfMessage(roomId: string, seq: number): string {
  return `${hashOfRoom(roomId)}/message/${seq}`
}

/** The page of the relay's owner. */
const OWNER_PAGE_HASH = '#/relay'

/** What the address says, where it is neither a room nor the list; follows it. Empty where it is: from room to room nothing changes for who reads this. */
export function useHash(): string {
  return useSyncExternalStore(subscribe, () => {
    const { hash } = window.location
    return roomOfHash(hash) === null ? hash : ''
  })
}

export function isOwnerPage(hash: string): boolean {
  return hash === OWNER_PAGE_HASH
}

export function goToOwnerPage(): void {
  window.location.hash = OWNER_PAGE_HASH
}

function subscribe(changed: () => void): () => void {
  window.addEventListener('hashchange', changed)
  window.addEventListener('popstate', changed)
  return () => {
    window.removeEventListener('hashchange', changed)
    window.removeEventListener('popstate', changed)
  }
}

/** The room that was chosen, null for none; follows the address. */
export function useRoomRoute(): string | null {
  return useSyncExternalStore(subscribe, () => roomOfHash(window.location.hash))
}

/** The seq of the message of this room that the address names, null for none; follows the address. */
export function useMessageRoute(roomId: string): number | null {
  return useSyncExternalStore(subscribe, () => {
    const { hash } = window.location
    return roomOfHash(hash) === roomId ? messageOfHash(hash) : null
  })
}

/** The address names the room alone again: its message was shown. A reload stays in the room. */
export function leaveMessage(): void {
  const roomId = roomOfHash(window.location.hash)
  if (roomId === null || messageOfHash(window.location.hash) === null) return
  window.history.replaceState(window.history.state, '', hashOfRoom(roomId))
  window.dispatchEvent(new PopStateEvent('popstate', { state: window.history.state }))
}

/** Marks a history entry that was opened from the list, so that "back" can step back to it. */
const FROM_LIST = { fromList: true }

/** Goes to a room, or with null to the list. */
export function goToRoom(roomId: string | null): void {
  const fromList = roomId !== null && roomOfHash(window.location.hash) === null
  window.location.hash = hashOfRoom(roomId)
  if (fromList) window.history.replaceState(FROM_LIST, '')
}

/** Goes to a message of a room, by its seq: once more, if that is where one is. */
export function goToMessage(roomId: string, seq: number): void {
  const hash = hashOfMessage(roomId, seq)
  if (window.location.hash === hash) window.location.hash = hashOfRoom(roomId)
  window.location.hash = hash
}

/** Goes wherever a hash of this app leads. */
export function goToHash(hash: string): void {
  const [roomId, seq] = [roomOfHash(hash), messageOfHash(hash)]
  if (roomId === null) window.location.hash = hash
  else if (seq === null) goToRoom(roomId)
  else goToMessage(roomId, seq)
}

/** Back to the list: a step back in history where the list is that step, else a new one. */
export function goBackToList(): void {
  const state: unknown = window.history.state
  if (typeof state === 'object' && state !== null && 'fromList' in state) window.history.back()
  else goToRoom(null)
}
