// Words for who types and how somebody is. Pure.
import type { PersonPresence } from '../../protocol/live.ts'
import type { Texts } from './texts.ts'
import { nameOf } from './words.ts'
import type { NameOf } from './words.ts'

const MINUTE_MS = 60_000
/** From then on a day says more than a number of days. */
const DAYS_MS = 7 * 24 * 60 * MINUTE_MS

/** The sentence about who types in a room. */
export function typingWords(
  texts: Texts,
  users: NameOf,
  { userIds, count, aside }: { userIds: readonly string[]; count: number; aside: boolean }
): string {
  const names = userIds.map((userId) => nameOf(texts, users, userId))
  return aside ? texts.live.typingAside(names, count) : texts.live.typing(names, count)
}

/** How somebody is, and of somebody offline when they were last seen, by the device's clock: a label only [S5]. `now` in ms since 1970. */
export function presenceWords({ live, dates }: Texts, { state, lastSeenAt }: PersonPresence, now: number): string {
  const seen = lastSeenAt === undefined ? Number.NaN : Date.parse(lastSeenAt)
  if (state !== 'offline' || lastSeenAt === undefined || Number.isNaN(seen)) return live.states[state]
  const ago = now - seen
  if (ago < MINUTE_MS) return live.seenNow
  return ago < DAYS_MS ? live.seenAgo(dates.span(ago)) : live.seenOn(dates.short(lastSeenAt, now))
}
