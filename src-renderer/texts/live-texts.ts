// The shape of the catalogue's part about who types and who is there.
import type { PresenceState } from '../../protocol/live.ts'

export interface LiveTexts {
  live: {
    /** Who types in the open room: the first of them by name, and how many they are. */
    typing: (names: readonly string[], count: number) => string
    /** What they write is for a few only, the person among them. */
    typingAside: (names: readonly string[], count: number) => string
    /** Of a room for two, in the list. */
    typingShort: string
    states: Record<PresenceState, string>
    /** Of somebody offline: seen less than a minute ago; so long ago; on a day. */
    seenNow: string
    seenAgo: (span: string) => string
    seenOn: (day: string) => string
  }
}
