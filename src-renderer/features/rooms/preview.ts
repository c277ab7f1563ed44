// What the list says about a room. Pure.
import { UNREAD_CAP } from '../../store/chat-store.ts'
import type { RoomSummary, TimelineItem } from '../../store/chat-store.ts'
import type { Texts } from '../../texts/texts.ts'
import { nameOf, systemLine } from '../../texts/words.ts'
import type { NameOf } from '../../texts/words.ts'

/** One line about the last message, with who said it. */
export function previewOf(texts: Texts, users: NameOf, me: string, last: TimelineItem | undefined): string {
  if (!last) return texts.rooms.noMessages
  if (last.kind === 'system') return systemLine(texts, users, me, last)
  if (last.deletedAt !== undefined) return texts.timeline.deleted
  const sender = { name: nameOf(texts, users, last.authorId), self: last.own }
  return texts.rooms.preview(sender, last.body.replace(/\s+/gu, ' ').trim())
}

/** Pinned ones first, then by latest activity; rooms that one has left go last. The given order decides between equals. */
export function inOrder(rooms: readonly RoomSummary[]): RoomSummary[] {
  return rooms.toSorted(
    (a, b) =>
      Number(b.joined) - Number(a.joined) ||
      Number(b.pinned) - Number(a.pinned) ||
      Date.parse(b.activityAt) - Date.parse(a.activityAt) ||
      0
  )
}

/** The number on a room's badge: exact as far as the device counts. */
export function unreadWords(unread: number): string {
  return unread >= UNREAD_CAP ? `${UNREAD_CAP - 1}+` : String(unread)
}
