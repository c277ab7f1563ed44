// All emoji with their names in Korean and English, to be looked through. Built from the package's data; pure.
import type { CompactEmoji } from 'emojibase'
import { RANK, rankOf, seek, signsOf } from '../search/hangul.ts'
import type { Signs } from '../search/hangul.ts'
import { qualified } from './qualified.ts'

/** In the package's order; its group 2 are parts of emoji. */
export const EMOJI_GROUPS = [
  'smileys',
  'people',
  'nature',
  'food',
  'travel',
  'activities',
  'objects',
  'symbols',
  'flags'
] as const
const PARTS = 2

export interface Emoji {
  /** Fully-qualified. */
  emoji: string
  group: (typeof EMOJI_GROUPS)[number]
  names: { ko: string; en: string }
  /** Without colons; the first is the one to show. Never none. */
  shortcodes: readonly string[]
  /** From none to the darkest: six, or none at all. */
  tones: readonly string[]
}

export interface EmojiIndex {
  all: readonly Emoji[]
  /** Any form of it; undefined for what is newer than the data. */
  of: (emoji: string) => Emoji | undefined
  byShortcode: (shortcode: string) => Emoji | undefined
  /** Best first: by shortcode, by name in either language or its initial consonants, by what is said about it. */
  search: (query: string, limit: number) => readonly Emoji[]
}

export interface EmojiSources {
  ko: readonly CompactEmoji[]
  en: readonly CompactEmoji[]
  /** By hexcode. */
  shortcodes: Readonly<Record<string, string | readonly string[]>>
}

/** What one emoji is found by. */
interface Found {
  emoji: Emoji
  names: readonly Signs[]
  words: readonly Signs[]
}

/** Words about an emoji count less than the worst way in which its name can fit. */
const WORDS_COUNT = RANK.inside + 1

export function buildEmojiIndex({ ko, en, shortcodes }: EmojiSources): EmojiIndex {
  const korean = new Map(ko.map((each) => [each.hexcode, each]))
  const found = en.flatMap((source): Found[] => {
    const group = EMOJI_GROUPS[source.group === undefined ? -1 : source.group - (source.group > PARTS ? 1 : 0)]
    if (!group || source.group === PARTS) return []
    const here = korean.get(source.hexcode)
    const codes = [shortcodes[source.hexcode] ?? []].flat()
    const made = source.label
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]+/gu, '_')
      .replaceAll(/^_+|_+$/g, '')
    const emoji: Emoji = {
      emoji: qualified(source.unicode),
      group,
      names: { ko: here?.label ?? source.label, en: source.label },
      shortcodes: codes.length > 0 ? codes : [made],
      tones: tonesOf(source)
    }
    return [
      {
        emoji,
        names: [emoji.names.ko, emoji.names.en].map(signsOf),
        words: [...(here?.tags ?? []), ...(source.tags ?? [])].map(signsOf)
      }
    ]
  })
  const byEmoji = new Map(
    found.flatMap(({ emoji }) => [emoji.emoji, ...emoji.tones].map((form) => [form, emoji] as const))
  )
  const byCode = new Map(found.flatMap(({ emoji }) => emoji.shortcodes.map((code) => [code, emoji] as const)))
  return {
    all: found.map(({ emoji }) => emoji),
    of: (emoji) => byEmoji.get(qualified(emoji)),
    byShortcode: (shortcode) => byCode.get(shortcode),
    search: (query, limit) => searchIn(found, query, limit)
  }
}

const MODIFIERS = [0x1f3fb, 0x1f3fc, 0x1f3fd, 0x1f3fe, 0x1f3ff]
const IS_MODIFIER = /\p{Emoji_Modifier}/gu

/** One for each tone, where all in the picture have it. */
function tonesOf({ unicode, skins = [] }: CompactEmoji): readonly string[] {
  const toned = MODIFIERS.flatMap((modifier) => {
    const tone = String.fromCodePoint(modifier)
    return skins.find((skin) => (skin.unicode.match(IS_MODIFIER) ?? []).every((each) => each === tone))?.unicode ?? []
  })
  return toned.length === MODIFIERS.length ? [unicode, ...toned].map(qualified) : []
}

function searchIn(found: readonly Found[], query: string, limit: number): readonly Emoji[] {
  const sought = seek(query.replaceAll(':', ''))
  if (!sought) return []
  const code = query.trim().toLowerCase().replaceAll(':', '')
  return found
    .flatMap(({ emoji, names, words }) => {
      const ranks = [
        ...emoji.shortcodes.map((each) => (each === code ? RANK.exact - 1 : each.startsWith(code) ? RANK.start : null)),
        ...names.map((name) => rankOf(name, sought)),
        ...words.map((word) => plus(rankOf(word, sought), WORDS_COUNT))
      ].filter((rank) => rank !== null)
      return ranks.length === 0 ? [] : [{ emoji, rank: Math.min(...ranks) }]
    })
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, limit)
    .map(({ emoji }) => emoji)
}

function plus(rank: number | null, more: number): number | null {
  return rank === null ? null : rank + more
}
