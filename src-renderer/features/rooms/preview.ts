// What the list says about a room. Pure.
import { UNREAD_CAP } from '../../store/chat-store.ts'
import type { RoomSummary, TimelineItem } from '../../store/chat-store.ts'
import type { Texts } from '../../texts/texts.ts'
import { nameOf, systemLine } from '../../texts/words.ts'
import type { NameOf } from '../../texts/words.ts'

const PREVIEW_CHARS = 300

/** One line about the last message, with who said it. */
export function previewOf(texts: Texts, users: NameOf, me: string, last: TimelineItem | undefined): string {
  if (!last) return texts.rooms.noMessages
  if (last.kind === 'system') return systemLine(texts, users, me, last)
  if (last.deletedAt !== undefined) return texts.timeline.deleted
  const sender = { name: nameOf(texts, users, last.authorId), self: last.own }
  return texts.rooms.preview(sender, oneLine(last.body))
}

/** The beginning of a text without its line breaks: more than a line can show, and no more than a list can draw a thousand of. */
export function oneLine(text: string): string {
  return text.trimStart().slice(0, PREVIEW_CHARS).toWellFormed().replace(/\s+/gu, ' ').trim()
}

/** Pinned ones first, then by latest activity; rooms that one has left go last. The given order decides between equals. */
export function inOrder(rooms: readonly RoomSummary[]): RoomSummary[] {
  return rooms
    .map((room) => ({ room, at: Date.parse(room.activityAt) }))
    .toSorted(
      (a, b) =>
        Number(b.room.joined) - Number(a.room.joined) ||
        Number(b.room.pinned) - Number(a.room.pinned) ||
        b.at - a.at ||
        0
    )
    .map(({ room }) => room)
}

/** The number on a room's badge: exact as far as the device counts. */
export function unreadWords(unread: number): string {
  return unread >= UNREAD_CAP ? `${UNREAD_CAP - 1}+` : String(unread)
}

/** [S12.4] Whether the person wants to see it as unread, though nothing in it is. */
export function isMarkedUnread(room: RoomSummary): boolean {
  return room.unreadFrom !== null && room.unread === 0
}

/** Whether the list of what is unread holds it. */
export function hasUnread(room: RoomSummary): boolean {
  return room.unread > 0 || room.mentions > 0 || isMarkedUnread(room)
}
