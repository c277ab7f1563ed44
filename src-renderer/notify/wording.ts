// What a notification says, as much as the person lets it say. Pure: no rule about when.
import type { NotifySettings } from '../platform/notify-settings.ts'
import type { RoomNews } from '../store/news.ts'
import { roomTitle } from '../texts/room-title.ts'
import type { Texts } from '../texts/texts.ts'
import type { Why } from './rules.ts'

/** More is not shown on any desktop. */
const MAX_BODY_CHARS = 240

/** What is told of one room. */
export interface ToWord {
  room: Pick<RoomNews, 'kind' | 'name'>
  /** Of the newest message; '' for somebody who is not known. Null: nothing of it is here. */
  newest: { authorName: string; body: string; why: Why; aside: boolean } | null
  /** How many messages, at most UNREAD_CAP, which means that many or more. */
  count: number
}

export function wordNotice(
  texts: Texts,
  words: NotifySettings['words'],
  { room, newest, count }: ToWord
): { title: string; body: string } {
  const { notices } = texts
  const many = notices.newMessages(count)
  if (words === 'nothing') return { title: texts.productName, body: many }
  const author = newest === null ? '' : newest.authorName || texts.unknownPerson
  const title = room.kind === 'direct' && newest ? author : roomTitle(texts, room)
  if (newest === null) return { title, body: many }
  const isDirect = room.kind === 'direct'
  if (words === 'name') {
    if (count > 1) return { title, body: many }
    if (newest.why === 'mention') return { title, body: notices.mentionedBy(author) }
    return { title, body: isDirect ? many : notices.newFrom(author) }
  }
  const said = oneLine(newest.body)
  const line = newest.aside ? notices.aside(author, said) : isDirect ? said : notices.said(author, said)
  return { title, body: count > 1 ? `${many}\n${line}` : line }
}

/** Of more rooms than are told of one by one. */
export function wordMore(texts: Texts, rooms: number, count: number): { title: string; body: string } {
  return { title: texts.productName, body: texts.notices.inRooms(rooms, count) }
}

/** Without its line breaks, and not longer than anybody shows. */
function oneLine(text: string): string {
  const line = text.replace(/\s+/gu, ' ').trim()
  const points = Array.from(line)
  return points.length <= MAX_BODY_CHARS ? line : `${points.slice(0, MAX_BODY_CHARS - 1).join('')}…`
}
