// Who is told of what (docs/decisions/0019-who-is-notified-of-what.md). Pure: messages and settings in, a reason or none out.
import type { NotifySettings } from '../platform/notify-settings.ts'
import type { NewMessage, RoomNews } from '../store/news.ts'
import { holdsKeyword } from './keywords.ts'

/** Why somebody is told of a message. */
export type Why = 'message' | 'mention' | 'keyword'

/**
 * Null: this message is none to be told of, now or ever. What was said by others and is not read; mentions and keywords also where the room is muted.
 *
 * @param keywords as `folded` gives them
 * @param nowMs the device's clock, ms since 1970: how long a room is muted is a label [S5]
 */
export function whyTold(
  message: NewMessage,
  room: Pick<RoomNews, 'from' | 'joined' | 'readSeq' | 'mutedUntil'>,
  keywords: readonly string[],
  nowMs: number
): Why | null {
  const { kind, own, deleted, blocked, seq, mentionsMe, body } = message
  if (kind !== 'text' || own || deleted || blocked || !room.joined) return null
  if (seq <= room.from || seq <= room.readSeq) return null
  if (mentionsMe) return 'mention'
  if (holdsKeyword(body, keywords)) return 'keyword'
  return isMutedNow(room, nowMs) ? null : 'message'
}

export function isMutedNow({ mutedUntil }: Pick<RoomNews, 'mutedUntil'>, nowMs: number): boolean {
  return mutedUntil !== null && Date.parse(mutedUntil) > nowMs
}

/**
 * Whether the hours are such in which nothing is told; from on to before `to`, over midnight if that is earlier, all day if both are the same.
 *
 * @param at the local time of the device
 */
export function isQuietHour({ on, from, to }: NotifySettings['quiet'], at: Date): boolean {
  if (!on) return false
  const now = at.getHours() * 60 + at.getMinutes()
  const [start, end] = [minutesOf(from), minutesOf(to)]
  return start < end ? start <= now && now < end : now >= start || now < end
}

/** HH:MM in minutes since midnight. */
function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}
