// What the switcher lists: rooms, and people with whom there is no room yet; what fits best, and what was open last, first. Pure.
import { bestRank, seek } from '../../search/hangul.ts'
import type { Rank, Signs } from '../../search/hangul.ts'

export interface Reachable<Row> {
  id: string
  /** By what it is found: names, usernames, topics. */
  words: readonly (string | Signs)[]
  row: Row
}

export const MOST_FOUND = 50

/**
 * At most MOST_FOUND. Without a query all that was open, the latest first, then the others in the given order; the open room comes last: one is
 * there already.
 */
export function found<Row>(
  all: readonly Reachable<Row>[],
  query: string,
  { visited, currentId }: { visited: readonly string[]; currentId: string | null }
): readonly Row[] {
  const sought = seek(query)
  const places = new Map(visited.map((id, place) => [id, place]))
  const placeOf = (id: string) => (id === currentId ? all.length + visited.length : (places.get(id) ?? visited.length))
  const ranked = all.flatMap((each): { each: Reachable<Row>; rank: Rank }[] => {
    const rank = sought ? bestRank(each.words, sought, { scattered: true }) : 0
    return rank === null ? [] : [{ each, rank }]
  })
  return ranked
    .toSorted((a, b) => a.rank - b.rank || placeOf(a.each.id) - placeOf(b.each.id))
    .slice(0, MOST_FOUND)
    .map(({ each }) => each.row)
}

/** The room that a step leads to, round and round; null when there is no other one. */
export function steppedRoom<Room extends { id: string }>(
  rooms: readonly Room[],
  currentId: string | null,
  step: 1 | -1,
  fits: (room: Room) => boolean
): Room | null {
  const at = rooms.findIndex(({ id }) => id === currentId)
  const from = at >= 0 ? at : step > 0 ? -1 : rooms.length
  for (let distance = 1; distance <= rooms.length; distance++) {
    const room = rooms[(from + step * distance + rooms.length * 2) % rooms.length]
    if (room && room.id !== currentId && fits(room)) return room
  }
  return null
}
