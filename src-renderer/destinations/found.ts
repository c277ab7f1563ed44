// What a few letters find among rooms and people: what fits best, and what was open last, first. Pure.
import { bestRank, seek } from '../search/hangul.ts'
import type { Rank, Signs } from '../search/hangul.ts'

export interface Findable {
  id: string
  /** By what it is found: names, usernames. */
  words: readonly (string | Signs)[]
}

/** Where somebody has been. */
export interface Visits {
  /** Ids of the rooms that were open, the latest first. */
  visited: readonly string[]
  /** The open room's. */
  currentId: string | null
}

export const MOST_FOUND = 50

/**
 * At most MOST_FOUND. Without a query all that was open, the latest first, then the others in the given order; the open room comes last: one is
 * there already.
 */
export function found<Each extends Findable>(
  all: readonly Each[],
  query: string,
  { visited, currentId }: Visits
): readonly Each[] {
  const sought = seek(query)
  const places = new Map(visited.map((id, place) => [id, place]))
  const placeOf = (id: string) => (id === currentId ? all.length + visited.length : (places.get(id) ?? visited.length))
  const ranked = all.flatMap((each): { each: Each; rank: Rank; place: number }[] => {
    const rank = sought ? bestRank(each.words, sought, { scattered: true }) : 0
    return rank === null ? [] : [{ each, rank, place: placeOf(each.id) }]
  })
  return ranked
    .toSorted((a, b) => a.rank - b.rank || a.place - b.place)
    .slice(0, MOST_FOUND)
    .map(({ each }) => each)
}
