// What is being named at the caret, and who or what that may be. Pure: knows no field and no screen.
import type { EmojiIndex } from '../../emoji/emoji-index.ts'
import { bestRank, rankOf, RANK, seek } from '../../search/hangul.ts'
import type { ListedPerson } from '../../texts/people.ts'

/** From its sign, `@` or `:`, to the caret. */
export interface Named {
  kind: 'mention' | 'emoji'
  from: number
  to: number
  /** Without the sign. */
  query: string
}

export type Choice =
  | { kind: 'mention'; id: string; person: ListedPerson; words: string }
  | { kind: 'emoji'; id: string; emoji: string; name: string; shortcode: string; words: string }

export const MOST_CHOICES = 8
/** Names are shorter than this. */
const LONGEST_QUERY = 50
/** A letter or digit before an `@` makes an address of it, before a `:` a time or an address. */
const ADDRESS_SIGN = /[\p{Script=Latin}\p{N}_./]$/u
const SHORTCODE = /^[\p{L}\p{N}_+-]+$/u
/** A syllable says more than a letter; `:D` and `:p` are faces of their own. */
const ENOUGH = /^(?:[\p{Script=Hangul}]|.{2})/u

/** Null: nothing is being named there. */
export function namedAt(text: string, caret: number): Named | null {
  const line = text.slice(Math.max(0, caret - LONGEST_QUERY - 1), caret)
  const start = caret - line.length
  const at = Math.max(line.lastIndexOf('@'), line.lastIndexOf(':'))
  if (at < 0) return null
  const query = line.slice(at + 1)
  const before = line.slice(Math.max(0, at - 1), at)
  if (query.includes('\n') || /^\s/u.test(query) || ADDRESS_SIGN.test(before)) return null
  if (line[at] === '@') return { kind: 'mention', from: start + at, to: caret, query }
  return SHORTCODE.test(query) && ENOUGH.test(query) ? { kind: 'emoji', from: start + at, to: caret, query } : null
}

/** The people whom the query may mean, best first, each in their own order. */
export function peopleFor(query: string, people: readonly ListedPerson[]): readonly Choice[] {
  const sought = seek(query)
  // With a space in it the query is a name that goes on, or is no name any more.
  const isWhole = /\s/u.test(query)
  return people
    .flatMap((person) => {
      const rank = !sought
        ? RANK.exact
        : isWhole
          ? rankOf(person.name, sought)
          : bestRank([person.name, person.username], sought)
      const fits = rank !== null && (!isWhole || rank <= RANK.start)
      return fits ? [{ person, rank }] : []
    })
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, MOST_CHOICES)
    .map(({ person }) => ({ kind: 'mention', id: person.id, person, words: `@${person.name} ` }))
}

/** The emoji that the query may mean, best first. */
export function emojiFor(query: string, index: EmojiIndex, locale: string, tone: number): readonly Choice[] {
  return index.search(query, MOST_CHOICES).map((each) => {
    const emoji = each.tones[tone] ?? each.emoji
    const name = each.names[locale === 'ko' ? 'ko' : 'en']
    return { kind: 'emoji', id: each.emoji, emoji, name, shortcode: each.shortcodes[0] ?? '', words: `${emoji} ` }
  })
}

const CLOSED = /(?:^|[^\p{Script=Latin}\p{N}_]):([a-z0-9_+-]{2,}):$/u

/** A shortcode that has just been closed before the caret. */
export function closedShortcode(text: string, caret: number): { from: number; shortcode: string } | null {
  const shortcode = CLOSED.exec(text.slice(Math.max(0, caret - LONGEST_QUERY), caret))?.[1]
  return shortcode === undefined ? null : { from: caret - shortcode.length - 2, shortcode }
}
