// What the list says about a room. Pure.
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

/** By latest activity; rooms that one has left go last. The given order decides between equals. */
export function byActivity(rooms: readonly RoomSummary[]): RoomSummary[] {
  return rooms.toSorted(
    (a, b) => Number(b.joined) - Number(a.joined) || Date.parse(b.activityAt) - Date.parse(a.activityAt) || 0
  )
}
